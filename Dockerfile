# Two images without torch. The office: `docker build --target service .`; a site: `docker build --target edge .`
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/dustwatch \
    && /opt/dustwatch/bin/pip install --no-cache-dir --constraint constraints.txt '.[plates,telemetry]'

FROM python:3.11-slim-bookworm AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 libseccomp2 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 dustwatch \
    && useradd --uid 10001 --gid 10001 --create-home --home-dir /var/lib/dustwatch --shell /usr/sbin/nologin dustwatch
COPY --from=build /opt/dustwatch /opt/dustwatch
ENV PATH=/opt/dustwatch/bin:$PATH PYTHONUNBUFFERED=1
USER dustwatch
WORKDIR /var/lib/dustwatch
VOLUME /var/lib/dustwatch
ENTRYPOINT ["dustwatch"]

FROM base AS edge
EXPOSE 9464
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["dustwatch", "health", "--edge", "/var/lib/dustwatch"]
CMD ["run", "--log-json", "/etc/dustwatch/dustwatch.yaml"]

# The last stage is what `docker build .` makes.
FROM base AS service
EXPOSE 8080 9465
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["dustwatch", "health"]
CMD ["serve", "--host", "0.0.0.0", "--data", "/var/lib/dustwatch", "--log-json"]
