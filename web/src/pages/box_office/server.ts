/** The till's way to the API: one call each, no retries of its own, because the till has its order. */
import { TicketdError, client } from '../../app/api.ts'
import type { ProblemBody } from '../../app/model.ts'
import type { TillServer } from './till.ts'

/** A server that is silent for so long is asked again under the same key. */
const ONCE = { retry: { attempts: 1, attemptMs: 10_000 } }

/** Only a 4xx is the server's no; after a 408, 429 or 5xx the same request may still be granted. */
function verdict(error: unknown): ProblemBody | null {
  if (!(error instanceof TicketdError)) return null
  const { status, problem } = error
  return status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status) ? problem : null
}

export const tillServer: TillServer = {
  create: (key, body) => client.carts.create(body, { ...ONCE, idempotencyKey: key }),
  replace: (cart, body) => client.carts.replace(cart, body, ONCE),
  extend: (cart, expires_in_seconds) => client.carts.extend(cart, { expires_in_seconds }, ONCE),
  release: (cart) => client.carts.release(cart, { reason: 'Cleared at the box office' }, ONCE),
  complete: (cart, key, body) => client.carts.complete(cart, body, { ...ONCE, idempotencyKey: key }),
  refund: (cart, key, body) => client.carts.refund(cart, body, { ...ONCE, idempotencyKey: key }),
  get: (cart) => client.carts.get(cart, ONCE),
  verdict,
}

/** Resolves after `ms`, or as soon as the browser says that the line is back. */
export function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    const go = () => {
      clearTimeout(timer)
      removeEventListener('online', go)
      done()
    }
    const timer = setTimeout(go, ms)
    addEventListener('online', go)
  })
}
