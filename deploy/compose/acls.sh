#!/bin/bash
# Made by deploy/generate.py from contracts/topics.py; `make generate` makes it anew.
# Gives every user of Kafka its rights; given again it changes nothing.
set -euo pipefail
umask 077
cat >/tmp/admin.properties <<EOF
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="kafka" password="$(cat /run/secrets/kafka)";
EOF
allow() { /opt/kafka/bin/kafka-acls.sh --bootstrap-server kafka:9092 --command-config /tmp/admin.properties --add --allow-principal "$@" >/dev/null; }
allow "User:activities" --operation Describe --operation DescribeConfigs --operation Read --operation Write --topic "activities"
allow "User:activities" --operation Describe --operation Read --topic "promises"
allow "User:activities" --operation Describe --operation Read --topic "ingress." --resource-pattern-type prefixed
allow "User:activities" --operation Describe --operation Read --group "activities" --resource-pattern-type prefixed
allow "User:promises" --operation Describe --operation Read --topic "activities"
allow "User:promises" --operation Describe --operation DescribeConfigs --operation Read --operation Write --topic "promises"
allow "User:promises" --operation Describe --operation DescribeConfigs --operation Read --operation Write --topic "deadlines"
allow "User:promises" --operation Describe --operation DescribeConfigs --operation Read --operation Write --topic "promise-status"
allow "User:promises" --operation Describe --operation Read --group "promises" --resource-pattern-type prefixed
allow "User:notifications" --operation Describe --operation Read --topic "deadlines"
allow "User:notifications" --operation Describe --operation DescribeConfigs --operation Read --operation Write --topic "notifications"
allow "User:notifications" --operation Describe --operation Read --group "notifications" --resource-pattern-type prefixed
for organisation in $ORGANISATIONS; do
  allow "User:$organisation" --operation Describe --operation Write --topic "ingress.$organisation"
done
echo "every user of Kafka has its rights"
