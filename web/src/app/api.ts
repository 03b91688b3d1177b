/** What does the server say? The one way from the pages to the API.
 *
 * Every POST carries an Idempotency-Key of its own, so that a retry never has a second effect: pass
 * `key` to retry by hand under the same one. A 401 waits until somebody has signed in again and then
 * goes on; everything else that is refused or fails is thrown as a Refused or an Unreachable. */
import type { ProblemBody } from './model.ts'

/** The server answered, and the answer is no. */
export class Refused extends Error {
  override name = 'Refused'
  readonly body: ProblemBody
  constructor(body: ProblemBody) {
    super(body.detail)
    this.body = body
  }
  get code(): string { return this.body.code }
  get status(): number { return this.body.status }
  /** What is wrong with the member at `pointer` ("/quantity"), or undefined. */
  at(pointer: string): string | undefined {
    return this.body.errors?.find((error) => error.pointer === pointer)?.detail
  }
}

/** No answer came: whether a write took effect is not known. */
export class Unreachable extends Error {
  override name = 'Unreachable'
  constructor(cause: unknown) {
    super('The server did not answer.', { cause })
  }
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

/** A UUID of version 7. Plain http on a LAN has no crypto.randomUUID. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  let now = Date.now()
  for (let i = 5; i >= 0; i--) {
    bytes[i] = now % 256
    now = Math.floor(now / 256)
  }
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Set by the session: resolves once somebody has signed in again. */
let signInAgain: (() => Promise<void>) | null = null
export function whenSignedOut(ask: () => Promise<void>): void {
  signInAgain = ask
}

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
    if (response.status === 401 && signInAgain && !path.startsWith('/v1/session')) {
      await signInAgain()
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
