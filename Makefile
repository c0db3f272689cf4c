# What people do with dustwatch, in one place: `make help`.
SHELL := /bin/bash
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
CLIP ?=
# Tests run side by side in so many processes.
WORKERS ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help bundle setup system demo test test-fast lint bandit sbom audit format bench bench-service docs docker clean

help: ## 显示本帮助 Show this help
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

system: ## 安装系统软件包（Debian/Ubuntu）Install the system packages that are missing
	@deploy/system-packages.sh runtime

setup: $(VENV)/.runtime ## 建立虚拟环境并安装（不含 torch）Set up the virtual environment (no torch)

$(VENV)/.runtime: pyproject.toml constraints.txt | system
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | system
	$(PYTHON) -m venv $(VENV)
	@deploy/system-packages.sh test
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test,dev,train,plates,cluster,telemetry]'
	$(PYTHON) -m venv $(VENV)/s3-server
	$(VENV)/s3-server/bin/pip install --quiet 'moto[s3]>=5.1,<6' 'flask>=3.1' 'flask-cors>=6'
	@touch $@ $(VENV)/.runtime

demo: setup ## 演示（可用 CLIP=视频文件）Show cases arriving, from our rendered cameras or CLIP=FILE
	@$(BIN)/dustwatch demo $(if $(CLIP),--clip "$(CLIP)")

test: $(VENV)/.test ## 运行全部测试 Run every test
	$(BIN)/pytest -n $(WORKERS) --durations=40

test-fast: $(VENV)/.test ## 只运行快的测试 Run the fast tests alone
	$(BIN)/pytest -m "not slow and not browser"

lint: $(VENV)/.test ## 静态检查 ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bandit: $(VENV)/.audit ## 代码安全检查 Look for unsafe code
	$(VENV)/audit/bin/bandit --quiet --configfile pyproject.toml --recursive benchmarks datasets docs models service streams vision

sbom: $(VENV)/.audit ## 软件物料清单，在 artifacts/ Write the list of all dependencies (CycloneDX) into artifacts/
	@mkdir -p artifacts
	$(VENV)/audit/bin/cyclonedx-py requirements constraints.txt --output-file artifacts/sbom.json

audit: bandit sbom ## 依赖漏洞检查（需要联网）Ask whether dependencies have known flaws (needs the internet)
	$(VENV)/audit/bin/pip-audit --strict --requirement constraints.txt --no-deps --disable-pip --progress-spinner off

$(VENV)/.audit: ## 检查用的工具 The tools for that, apart from what is checked
	@mkdir -p $(VENV)
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/pip install --quiet 'bandit>=1.9,<2' 'cyclonedx-bom>=7.2,<8' 'pip-audit>=2.9,<3'
	@touch $@

format: $(VENV)/.test ## 格式化代码 Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test ## 性能测量，结果在 benchmarks/results Measure, results in benchmarks/results
	$(BIN)/python -m benchmarks.inspection
	$(BIN)/python -m benchmarks.cameras
	$(BIN)/python -m benchmarks.camera_health

bench-service: $(VENV)/.test ## 案件队列与页面的测量（数小时）Measure the case queue and the pages, for hours
	$(BIN)/python -m benchmarks.queue
	$(BIN)/python -m benchmarks.queue.chaos
	$(BIN)/python -m benchmarks.pages

docs: $(VENV)/.test ## 更新 docs/ 中由代码生成的部分 Write again what docs/ takes from the code
	$(BIN)/python -m docs.schemas
	$(BIN)/python -m docs.failures
	$(BIN)/python -m docs.screenshots

docker: ## 构建服务与边缘机镜像 Build the images of the service and of an edge
	docker build --target service --tag dustwatch-service .
	docker build --target edge --tag dustwatch-edge .

bundle: ## 离线安装包，在 dist/bundle Wheels for machines without internet, in dist/bundle
	rm -rf dist/bundle
	$(PYTHON) -m pip wheel --quiet --constraint constraints.txt --wheel-dir dist/bundle '.[plates,telemetry]'
	cp constraints.txt deploy/system-packages.sh dist/bundle/
	cd dist/bundle && sha256sum -- *.whl constraints.txt system-packages.sh > SHA256SUMS

clean: ## 删除虚拟环境与缓存 Remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis artifacts
