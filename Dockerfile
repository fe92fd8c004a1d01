# The native parts of Weir's dependencies are built for glibc only, hence not Alpine.
FROM node:26-slim AS build
WORKDIR /weir
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev && rm dist/.tsbuildinfo

FROM node:26-slim
WORKDIR /weir
COPY --from=build /weir/package.json ./
COPY --from=build /weir/node_modules node_modules
COPY --from=build /weir/dist dist
COPY bin bin
RUN mkdir /data && chown 1000:1000 /data
# The image's user "node", by number, so that a cluster can see that it is not root.
USER 1000:1000
VOLUME /data
# Inside a container every address is the container's own network, and that network is the boundary: whoever
# publishes the port decides who gets in. Publish it on loopback, as docker-compose.yml does, or give it a tokens file.
# Without tokens, name the hosts that clients ask for in WEIR_ALLOWED_HOSTS, or any web page can reach it.
ENV NODE_ENV=production WEIR_HOST=0.0.0.0 WEIR_INSECURE=1 WEIR_DATA_DIR=/data
EXPOSE 7070
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED=0;fetch(`http${process.env.WEIR_TLS_CERT_FILE?'s':''}://127.0.0.1:${process.env.WEIR_PORT||7070}/readyz`).then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# It becomes Node, so that SIGTERM reaches Weir itself.
ENTRYPOINT ["/weir/bin/weir"]
