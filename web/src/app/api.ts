/** What does the server say? The one way from the pages to it: ticketd's own client, for a person.
 *
 * A 401 waits until somebody has signed in again and then goes on. */
import { TicketdError, TicketdUnreachable, createClient, uuidv7 } from '@ticketd/client'
import type { ProblemBody } from './model.ts'

export { TicketdError, TicketdUnreachable, uuidv7 }

/** Set by the session: resolves to whether somebody has signed in again. */
let signInAgain = (): Promise<boolean> => Promise.resolve(false)
export function whenSignedOut(ask: () => Promise<boolean>): void {
  signInAgain = ask
}

/** Somebody waits before the screen and can try again: after a minute at the latest they are told. */
export const client = createClient({
  onUnauthenticated: () => signInAgain(),
  retry: { attempts: 3, attemptMs: 30_000, totalMs: 60_000 },
})

/** What the server says is wrong at the member `pointer` ("/quantity") of what was sent. */
export const wrongAt = (error: unknown, pointer: string): string | undefined =>
  error instanceof TicketdError ? error.fieldError(pointer)?.detail : undefined

/** Whether all that the server says is wrong stands at some member. */
export const isAtMembers = (error: unknown): boolean =>
  error instanceof TicketdError && error.code === 'validation_failed'

/** The server answered, and the answer is no. */
export class Refused extends TicketdError {
  constructor(body: ProblemBody) { super(body, undefined) }
  get body(): ProblemBody { return this.problem }
  /** What is wrong with the member at `pointer` ("/quantity"), or undefined. */
  at(pointer: string): string | undefined {
    return this.body.errors?.find((error) => error.pointer === pointer)?.detail
  }
}

/** No answer came: whether a write took effect is not known. */
export class Unreachable extends TicketdUnreachable {
  constructor(cause: unknown) { super(undefined, cause) }
}

export interface Answer<T> { data: T; etag: string | null; replayed: boolean }

export type Query = Record<string, string | number | boolean | null | undefined>

export interface RequestOptions {
  query?: Query
  body?: unknown
  ifMatch?: string | number
  /** The Idempotency-Key; made here if left out. false sends none. */
  key?: string | false
  signal?: AbortSignal
  /** Give up on an answer after so many milliseconds. */
  timeout?: number
}

export const uuid = uuidv7

export function address(path: string, query: Query = {}): string {
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') text.set(name, String(value))
  }
  return text.size ? `${path}?${text}` : path
}

async function problemOf(response: Response): Promise<Refused> {
  const status = response.status
  try {
    const body = (await response.json()) as ProblemBody
    if (body.code) return new Refused(body)
  } catch { /* Not ticketd's words: something between it and us. */ }
  const request_id = response.headers.get('Request-Id') ?? ''
  const detail = `The server answered with status ${status}.`
  return new Refused({ type: 'about:blank', status, code: 'unknown', title: 'Failed', detail, request_id })
}

export async function request<T>(
  method: string, path: string, options: RequestOptions = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.ifMatch !== undefined) headers['If-Match'] = `"${String(options.ifMatch).replaceAll('"', '')}"`
  if (method === 'POST' && options.key !== false) headers['Idempotency-Key'] = options.key ?? uuid()
  const body = options.body === undefined ? null : JSON.stringify(options.body)
  const target = address(path, options.query)
  for (;;) {
    const signals = [options.signal, options.timeout ? AbortSignal.timeout(options.timeout) : undefined]
    const signal = AbortSignal.any(signals.filter((one) => one !== undefined))
    let response: Response
    try {
      response = await fetch(target, { method, headers, body, signal, credentials: 'same-origin' })
    } catch (cause) {
      if (options.signal?.aborted) throw cause
      throw new Unreachable(cause)
    }
    if (response.ok) {
      const text = await response.text().catch((cause: unknown) => { throw new Unreachable(cause) })
      return {
        data: (text ? JSON.parse(text) : undefined) as T,
        etag: response.headers.get('ETag'),
        replayed: response.headers.get('Idempotency-Replayed') === 'true',
      }
    }
    if (response.status === 401 && !path.startsWith('/v1/session') && await signInAgain()) {
      continue
    }
    throw await problemOf(response)
  }
}

export const get = async <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  (await request<T>('GET', path, { ...(query && { query }), ...(signal && { signal }) })).data

export const post = async <T>(path: string, body?: unknown, options: RequestOptions = {}): Promise<T> =>
  (await request<T>('POST', path, { ...options, ...(body !== undefined && { body }) })).data

export const patch = async <T>(path: string, version: string | number, body: unknown): Promise<T> =>
  (await request<T>('PATCH', path, { body, ifMatch: version })).data

export const del = async (path: string): Promise<void> => {
  await request('DELETE', path)
}
