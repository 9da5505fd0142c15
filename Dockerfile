# spinspice with ngspice, VACASK and the transistor models of two open foundries.
#
#   docker build -t spinspice .
#   docker run --rm -v "$PWD:/work" spinspice characterize bsn --vin auto:9 --duration 20n --trials 1 --plot bsn.png
FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends python3-venv binutils ngspice libngspice0 \
    && rm -rf /var/lib/apt/lists/*
COPY . /src
RUN python3 -m venv /opt/spinspice && /opt/spinspice/bin/pip install --no-cache-dir "/src[all]" \
    && /opt/spinspice/bin/spinspice foundries --install && rm -rf /src
ENV PATH=/opt/spinspice/bin:$PATH
WORKDIR /work
ENTRYPOINT ["spinspice"]
CMD ["--help"]
