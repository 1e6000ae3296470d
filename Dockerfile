# docker build -t roster .            docs/operate/deploy.md says how to run it
# The version is that of `node` in package.json, which the tests run on.
ARG NODE_IMAGE=node:26.10.0-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /roster
COPY package.json package-lock.json .npmrc ./
# part of `npm ci`, which leaves the console to a later layer where its sources are not there yet
COPY console/build.js console/
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY console console
RUN npm run build:console
COPY src src
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /roster
COPY package.json package-lock.json .npmrc ./
COPY console/build.js console/
RUN npm ci --omit=dev

FROM ${NODE_IMAGE}
ENV NODE_ENV=production ROSTER_DATA_DIR=/data
# for SQLite alone; with PostgreSQL nothing is written anywhere
RUN install -d -o node -g node -m 700 /data
WORKDIR /roster
COPY LICENSE package.json ./
COPY bin bin
COPY --from=dependencies /roster/node_modules node_modules
COPY --from=build /roster/dist dist
COPY --from=build /roster/console/dist console/dist
# the user `node` of the image, by its number, by which Kubernetes can tell that it is not root
USER 1000:1000
EXPOSE 8080
# whether the process lives; whether it can serve is a question for the balancer, by /readyz
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ROSTER_PORT ?? 8080}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/roster/bin/roster.js"]
CMD ["serve"]
