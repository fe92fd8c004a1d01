# Not Alpine, because Weir's native dependencies are only built for glibc.
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
COPY LICENSE ./
RUN mkdir /data && chown 1000:1000 /data
# The image's user "node", as a number, so that a cluster can verify that it is not root.
USER 1000:1000
VOLUME /data
# In a container, every address belongs to the container's own network, and publishing the port decides who
# can reach it. Publish it on loopback, as docker-compose.yml does, or use a tokens file. Without tokens, list
# the host names that clients use in WEIR_ALLOWED_HOSTS. Otherwise any web page can reach it.
ENV NODE_ENV=production WEIR_HOST=0.0.0.0 WEIR_INSECURE=1 WEIR_DATA_DIR=/data
EXPOSE 7070
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED=0;fetch(`http${process.env.WEIR_TLS_CERT_FILE?'s':''}://127.0.0.1:${process.env.WEIR_PORT||7070}/readyz`).then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# The script replaces itself with Node, so that SIGTERM reaches Weir.
ENTRYPOINT ["/weir/bin/weir"]
