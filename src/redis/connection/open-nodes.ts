import { locate, type RedisAddress } from './address.ts'
import { Cluster } from './cluster.ts'
import type { Nodes, NodesListener } from './nodes.ts'
import { Server } from './redis-server.ts'

/** Connects to the servers at an address. */
export function openNodes(address: RedisAddress, listener: NodesListener): Nodes {
  return address.kind === 'cluster' ? new Cluster(address.urls, listener) : singleServer(address, listener)
}

function singleServer(address: Exclude<RedisAddress, { kind: 'cluster' }>, listener: NodesListener): Nodes {
  const server = new Server({
    locate: () => locate(address),
    onUp: () => listener.onUp(),
    onDown: (error) => listener.onDown(error)
  })
  return {
    isCluster: false,
    opened: server.opened,
    send: (_key, args, isReading, inBytes) => server.send(args, isReading, inBytes),
    servers: () => [server],
    trouble: () => server.trouble,
    impairment: () => server.impairment,
    locate: () => locate(address),
    close: () => server.close()
  }
}
