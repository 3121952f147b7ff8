# Everything the project does, one word each. Python 3.11 or later and make are all it needs.
PYTHON ?= python3
UV := .uv/bin/uv
RUN := .venv/bin/
MEMBERS := contracts chassis services/activities services/promises services/notifications local
export UV_PYTHON_DOWNLOADS := never

.DEFAULT_GOAL := help
.PHONY: demo up doctor test year kills torture torture-points torture-bugs overload restores mutants bench images check-deploy check check-observability test-alerts generate fmt lock clean help

demo: .venv/ready ## play the year 2026 in Umeå on the whole system; ARGS=--exit leaves afterwards
	@$(RUN)lofteskollen demo $(ARGS)

up: .venv/ready ## run the whole system in real time, data kept in .lofteskollen/
	@$(RUN)lofteskollen up $(ARGS)

doctor: .venv/ready ## say what this machine lacks; ARGS=up what is wrong with a running system
	@$(RUN)lofteskollen doctor $(ARGS)

test: .venv/ready ## run every test on real Kafka and PostgreSQL; ARGS=-k… chooses
	@$(RUN)python -m pytest $(ARGS)

year: .venv/ready ## play the whole year twice, undisturbed and under power cuts; both must end byte for byte alike
	@$(RUN)python -m pytest tests/whole_year $(ARGS)

kills: .venv/ready ## play the year under random kills; SEEDS=7,8 chooses, about 30 s a seed
	@$(RUN)python -m pytest tests/torture/test_kills.py $(ARGS)

torture: .venv/ready ## break two replicas of everything in ROUNDS=30 rounds of SEED=1, every word checked after each
	@$(RUN)python -m tests.torture --rounds $(or $(ROUNDS),30) --seed $(or $(SEED),1) $(ARGS)

torture-bugs: .venv/ready ## torture copies of the product with a known bug each, until a word breaks
	@$(RUN)python -m tests.torture.seeded $(ARGS)

torture-points: .venv/ready ## stop, freeze and disturb every service at every durable boundary; ARGS=--shard=1/3 a part
	@$(RUN)python -m tests.torture.at_points $(ARGS)

overload: .venv/ready ## ten times what it takes, a database that goes away, replicas replaced under load
	@$(RUN)python -m pytest tests/overload $(ARGS)

restores: .venv/ready ## put databases and Kafka back while the year plays, and mend them as an operator would
	@$(RUN)python -m pytest tests/restores $(ARGS)

mutants: .venv/ready ## change the domain in every small way, write docs/mutants.md on those no test notices
	@$(RUN)python -m tests.mutants $(ARGS)

bench: .venv/ready ## measure beside what the machine can do at most; ARGS=--quick is shorter
	@$(RUN)python -m bench $(ARGS)

images: ## build the services' images and try each; BASE=… another base, ENGINE=docker|podman
	@deploy/images.sh

check-deploy: .venv/ready .deploy/ready ## check images, compose, Kubernetes and alerts without running them (needs kubectl, promtool, amtool)
	@$(RUN)python deploy/check.py
	@$(RUN)python -m pytest -o 'pythonpath=. deploy' deploy
	@$(MAKE) --no-print-directory check-observability

check: .venv/ready ## lint, format, types, walls between the rooms, generated files, migrations
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy
	$(RUN)lint-imports
	$(RUN)python -m contracts.generate --check
	$(RUN)python deploy/generate.py --check
	$(RUN)python deploy/grafana/dashboards.py --check
	$(RUN)python -m promises.method --check
	$(RUN)squawk chassis/src/chassis/migrations/*.sql services/*/src/*/migrations/*.sql

check-observability: .venv/ready ## check rules, alerts, their tests and the routes (needs promtool and amtool)
	@for tool in promtool amtool; do command -v $$tool >/dev/null || \
		{ echo "$$tool is missing; on Debian: apt install prometheus prometheus-alertmanager"; exit 1; }; done
	promtool check rules deploy/prometheus/rules/*.yml
	promtool check config deploy/prometheus/prometheus.yml
	promtool test rules deploy/prometheus/tests/*.yml
	amtool check-config deploy/prometheus/alertmanager.yml
	amtool config routes test --config.file=deploy/prometheus/alertmanager.yml --verify.receivers=coordinator concern=promise alertname=PromiseMissed
	amtool config routes test --config.file=deploy/prometheus/alertmanager.yml --verify.receivers=operations concern=machine alertname=KafkaAway
	$(RUN)python -m pytest tests/alerts/test_rules.py

test-alerts: .venv/ready ## raise every alert by a real fault, ask every panel on the demonstration (needs Prometheus and Alertmanager)
	@command -v prometheus >/dev/null || \
		{ echo "Prometheus is missing; on Debian: apt install prometheus prometheus-alertmanager"; exit 1; }
	$(RUN)python -m pytest tests/alerts $(ARGS)

generate: .venv/ready ## make the generated files anew
	$(RUN)python -m contracts.generate
	$(RUN)python deploy/generate.py
	$(RUN)python deploy/grafana/dashboards.py
	$(RUN)python -m promises.method

fmt: .venv/ready ## format the code
	$(RUN)ruff check --fix .
	$(RUN)ruff format .

lock: .uv/ready ## choose the newest versions and pin them in requirements.lock
	$(UV) lock --upgrade
	$(UV) export -q --frozen --all-packages --all-groups --all-extras --no-emit-workspace --no-header --no-annotate -o requirements.lock

clean: ## remove what make made; the cache of Kafka's jars stays
	rm -rf .venv .uv .deploy uv.lock .lofteskollen .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.uv/ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name it, e.g. make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .uv || \
		{ rm -rf .uv; echo "$(PYTHON) has no venv; install it, on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Fetching uv …" && .uv/bin/pip install -q --disable-pip-version-check uv==0.13.9 && touch $@

.deploy/ready: .uv/ready deploy/requirements.txt
	@$(UV) venv -q --clear --python "$$(.uv/bin/python -c 'import sys; print(sys.executable)')" .deploy
	@VIRTUAL_ENV=.deploy $(UV) pip install -q -r deploy/requirements.txt
	@touch $@

.venv/ready: .uv/ready requirements.lock $(MEMBERS:%=%/pyproject.toml)
	@echo "Fetching the libraries named in requirements.lock (once) …"
	@$(UV) venv -q --clear --python "$$(.uv/bin/python -c 'import sys; print(sys.executable)')" .venv
	@$(UV) pip sync --require-hashes requirements.lock
	@$(UV) pip install -q --no-deps $(MEMBERS:%=-e %)
	@touch $@
