/** The till's way to the API: one call each, no retries of its own, because the till has its order. */
import { Refused, get, request } from '../../app/api.ts'
import type { Cart, ProblemBody } from '../../app/model.ts'
import type { TillServer } from './till.ts'

/** A server that is silent for so long is asked again under the same key. */
const PATIENCE_MS = 10_000

async function ask(method: string, path: string, body: unknown, key: string | null = null): Promise<Cart> {
  const options = { body, timeout: PATIENCE_MS, ...(key !== null && { key }) }
  return (await request<Cart>(method, path, options)).data
}

const at = (cart: string, verb: string): string => `/v1/carts/${cart}/${verb}`

/** Only a 4xx is the server's no; after a 408, 429 or 5xx the same request may still be granted. */
function verdict(error: unknown): ProblemBody | null {
  if (!(error instanceof Refused)) return null
  const { status, body } = error
  return status >= 400 && status < 500 && ![401, 408, 429].includes(status) ? body : null
}

export const tillServer: TillServer = {
  create: (key, body) => ask('POST', '/v1/carts', body, key),
  replace: (cart, body) => ask('PUT', `/v1/carts/${cart}`, body),
  extend: (cart, expires_in_seconds) => ask('POST', at(cart, 'extend'), { expires_in_seconds }),
  release: (cart) => ask('POST', at(cart, 'release'), { reason: 'Cleared at the box office' }),
  complete: (cart, key, body) => ask('POST', at(cart, 'complete'), body, key),
  refund: (cart, key, body) => ask('POST', at(cart, 'refunds'), body, key),
  get: (cart) => get<Cart>(`/v1/carts/${cart}`),
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
