#!/bin/bash
# Starts the broker with a user for every file in /run/secrets/kafka: its name and its password.
set -euo pipefail
login="org.apache.kafka.common.security.plain.PlainLoginModule required username=\"kafka\" password=\"$(cat /run/secrets/kafka/kafka)\""
users=
for file in /run/secrets/kafka/*; do users+=" \"user_${file##*/}\"=\"$(cat "$file")\""; done
umask 077
cat >/tmp/admin.properties <<EOF
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=$login;
EOF
export KAFKA_LISTENER_NAME_CLIENT_PLAIN_SASL_JAAS_CONFIG="$login$users;"
exec /etc/kafka/docker/run
