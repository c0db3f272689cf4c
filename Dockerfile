# dustwatch without torch: `docker run dustwatch serve ...` for the office, `docker run dustwatch run ...` at the edge.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/dustwatch \
    && /opt/dustwatch/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/dustwatch dustwatch
COPY --from=build /opt/dustwatch /opt/dustwatch
ENV PATH=/opt/dustwatch/bin:$PATH PYTHONUNBUFFERED=1
USER dustwatch
WORKDIR /var/lib/dustwatch
VOLUME /var/lib/dustwatch
EXPOSE 8080
# At the edge: docker run --health-cmd "dustwatch health --edge dustwatch-data/edge" ...
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["dustwatch", "health"]
ENTRYPOINT ["dustwatch"]
CMD ["serve", "--host", "0.0.0.0", "--data", "/var/lib/dustwatch"]
