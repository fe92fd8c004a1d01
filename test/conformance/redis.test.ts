import { startRedis } from '../support/redis-server.ts'
import { engineContractOn } from './on-server.ts'

engineContractOn('the Redis engine', startRedis)
