#!/usr/bin/env bash
# Makes what an installation owns, in ./installation: passwords, the folders of settings, and .env beside docker-compose.yml.
# May be given again, also with more organisations: what is there is kept, what is missing is made.
#   deploy/compose/prepare.sh ORGANISATION…        e.g. polisen-lpo-umea umea-kommun
#   deploy/compose/prepare.sh --demo               a demonstration, in a checkout without an installation
set -euo pipefail
cd "$(dirname "$0")/../.."
recipients=local/src/local/recipients.yaml
if [ "${1:-}" = --demo ]; then
  [ ! -e .env ] || grep -q '^LOFTESKOLLEN_CLOCK_FILE=' .env || { echo "an installation is here (.env): prepare the demonstration in another checkout"; exit 1; }
  [ -e .env ] || sed 's/^COMPOSE_PROJECT_NAME=.*/&-demo/' deploy/compose/example.env | cat - deploy/compose/demo.env >.env
  recipients=local/src/local/year/recipients.yaml
  set -- polisen-lpo-umea umea-kommun
fi
[ $# -gt 0 ] || { sed -n 's/^# \{0,1\}//p' "$0" | sed 1d; exit 2; }
for organisation in "$@"; do
  [[ $organisation =~ ^[a-z0-9]+(-[a-z0-9]+)*$ ]] || { echo "$organisation is no organisation's id: a-z, 0-9 and single hyphens"; exit 2; }
done
umask 022
mkdir -p installation && chmod 700 installation # containers get single files and folders of it, other users of this machine nothing
mkdir -p installation/{postgres,kafka,smtp,grafana,alertmanager,config/catalogue,backups}

password() { [ -s "$1" ] || { head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$1"; echo "made $1"; }; }
for name in postgres activities promises notifications; do password "installation/postgres/$name"; done
for name in kafka activities promises notifications "$@"; do password "installation/kafka/$name"; done
password installation/grafana/password
[ -e installation/smtp/password ] || : >installation/smtp/password
[ -e installation/config/jwks.json ] || { echo '{"keys": []}' >installation/config/jwks.json; echo "made installation/config/jwks.json without a key: put your token issuer's public keys there"; }
[ -e installation/config/recipients.yaml ] || { cp "$recipients" installation/config/; echo "made installation/config/recipients.yaml: write your mailboxes there"; }
[ -e installation/alertmanager/alertmanager.yml ] || {
  sed -e 's/webhook_configs/email_configs/' -e 's|url: .*/|to: |; s|to: .*|&@lofteskollen.example|' deploy/prometheus/alertmanager.yml |
    cat deploy/compose/alertmanager.head.yml - >installation/alertmanager/alertmanager.yml
  echo "made installation/alertmanager/alertmanager.yml: write there who is told of alerts"
}
cp -n catalogue/*.yaml catalogue/*.txt installation/config/catalogue/ 2>/dev/null || true
[ -e .env ] || { cp deploy/compose/example.env .env; echo "made .env: settings of the installation"; }
there=$(cd installation/kafka && for each in *; do case $each in kafka|activities|promises|notifications) ;; *) printf '%s ' "$each" ;; esac; done)
sed -i "s/^ORGANISATIONS=.*/ORGANISATIONS=\"${there% }\"/" .env
echo "organisations that may report over Kafka: $there"
