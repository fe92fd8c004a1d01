import { setTimeout as sleep } from 'node:timers/promises'

/** The work: prints a line for an order. Throws if its total is not a decimal number. */
export async function bill(id: string, fields: Readonly<Record<string, string>>): Promise<void> {
  const { order, total = '', takesMs = 0 } = fields
  // Stands for work that takes long.
  await sleep(Number(takesMs))
  if (!/^-?\d+(\.\d+)?$/.test(total)) throw new Error(`the total "${total}" is not a decimal number`)
  console.log(`${id} ${order} ${total}`)
}
