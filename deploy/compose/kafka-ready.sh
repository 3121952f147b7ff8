#!/bin/bash
# Asks the broker which requests it knows, which needs no login, and waits for the answer: Kafka's own tool starts a JVM for it.
exec 3<>/dev/tcp/localhost/9092 || exit 1
printf '\0\0\0\012\0\022\0\0\0\0\0\1\377\377' >&3
[ "$(timeout 5 head -c 4 <&3 | wc -c)" = 4 ]
