import { startCluster } from '../support/redis-server.ts'
import { engineContractOn } from './on-server.ts'

engineContractOn('the Redis engine on a Cluster', startCluster)
