# One file for all images. Each holds the chassis, the contracts and one component, and runs as nobody in particular
# on a read-only root: only /tmp and /data are written.
#   docker build --target service --build-arg COMPONENT=contacts .     one service
#   docker build --target gateway .                                    the front door
#   docker build --target tools .                                      migrations and the broker's users

FROM python:3.11-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=random PYTHONPATH=/srv/trato \
    PATH=/srv/venv/bin:$PATH MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TRIM_THRESHOLD_=65536
RUN groupadd --gid 10001 trato \
    && useradd --uid 10001 --gid trato --no-create-home --home-dir /tmp --shell /usr/sbin/nologin trato \
    && install -d -o trato -g trato -m 0750 /data
WORKDIR /srv/trato

FROM base AS service-packages
COPY requirements/service.txt /srv/requirements.txt
RUN python3 -m venv /srv/venv && pip install --no-cache-dir --no-deps --require-hashes -r /srv/requirements.txt \
    && python -m compileall -q /srv/venv && pip uninstall -y pip

FROM base AS gateway-packages
COPY requirements/gateway.txt /srv/requirements.txt
RUN python3 -m venv /srv/venv && pip install --no-cache-dir --no-deps --require-hashes -r /srv/requirements.txt \
    && python -m compileall -q /srv/venv && pip uninstall -y pip

FROM base AS green
COPY --from=service-packages /srv/venv /srv/venv
COPY chassis chassis
COPY contracts contracts
COPY services/__init__.py services/

FROM green AS tools
COPY services services
COPY tools tools
RUN python -m compileall -q .
USER trato
ENTRYPOINT ["python", "-m"]
CMD ["tools.migrate", "up"]

FROM base AS gateway
COPY --from=gateway-packages /srv/venv /srv/venv
COPY chassis chassis
COPY contracts contracts
COPY gateway gateway
COPY deploy/compose/ready.py /srv/ready.py
RUN python -m compileall -q .
USER trato
ENV TRATO_HTTP_ADDRESS=0.0.0.0:8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-S", "/srv/ready.py", "8000"]
CMD ["python", "-m", "gateway"]

FROM green AS service
ARG COMPONENT
RUN test -n "$COMPONENT"
COPY services/${COMPONENT} services/${COMPONENT}
COPY deploy/compose/ready.py /srv/ready.py
RUN python -m compileall -q .
USER trato
ENV COMPONENT=${COMPONENT} TRATO_OPS_ADDRESS=0.0.0.0:9100
EXPOSE 9100
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-S", "/srv/ready.py", "9100"]
CMD ["sh", "-c", "exec python -m chassis.ops.runner \"$COMPONENT\""]
