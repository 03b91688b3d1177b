/** What are the counts now? One stream for the page that is shown, open only while it can be seen:
 * six open streams block the seventh page of a browser. */
import { effect, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { address } from './api.ts'
import { lapsed } from './session.ts'
import { MessageReader, type Message } from './sse.ts'
import type { AuditEntry, Counts } from './model.ts'

export interface LiveCounts extends Counts { ticket_type_id: string; event_id: string; seq: number; as_of: string }

/** paused: nobody looks, or the page needs no stream. */
export type LiveState = 'live' | 'reconnecting' | 'paused'

/** By ticket type, the newest that is known from the stream. */
export const counts = signal<ReadonlyMap<string, LiveCounts>>(new Map())
export const liveState = signal<LiveState>('paused')

/** How long until the next attempt: 1, 2, 4 … 30 seconds. */
const WAIT_MAX_MS = 30_000
/** As many as one stream takes. */
export const LIVE_EVENTS_MAX = 20

/** The server pings every 15 s: a stream that says nothing for three pings is dead. */
const SILENCE_MAX_MS = 45_000

export interface Watch {
  eventIds: string[]
  /** Also what is written to the log, for those who may read it. */
  onAudit?: ((entry: AuditEntry) => void) | undefined
  /** What came between is not known: load again. */
  onReset?: (() => void) | undefined
}

/** Takes the newer of two states of a ticket type; a repeat is harmless. */
export function merge(
  known: ReadonlyMap<string, LiveCounts>, news: LiveCounts[],
): ReadonlyMap<string, LiveCounts> {
  const next = new Map(known)
  for (const one of news) {
    const before = next.get(one.ticket_type_id)
    if (!before || one.seq > before.seq || (one.seq === before.seq && one.as_of >= before.as_of)) {
      next.set(one.ticket_type_id, one)
    }
  }
  return next
}

class Feed {
  #watch: Watch
  #closed = new AbortController()
  #after = ''

  constructor(watch: Watch) {
    this.#watch = watch
    void this.#keepOpen()
  }

  close(): void {
    this.#closed.abort()
  }

  async #keepOpen(): Promise<void> {
    let wait = 1000
    while (!this.#closed.signal.aborted) {
      const reader = new MessageReader()
      try {
        await this.#readOne(reader, () => { wait = 1000 })
      } catch { /* Lost, refused or cut: all the same, we come back. */ }
      if (this.#closed.signal.aborted) return
      liveState.value = 'reconnecting'
      await this.#sleep(reader.retry ?? wait * (0.75 + Math.random() / 2))
      wait = Math.min(wait * 2, WAIT_MAX_MS)
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms)
      this.#closed.signal.addEventListener('abort', () => { clearTimeout(timer); done() }, { once: true })
    })
  }

  async #readOne(reader: MessageReader, opened: () => void): Promise<void> {
    const silent = new AbortController()
    const signal = AbortSignal.any([this.#closed.signal, silent.signal])
    let timer = setTimeout(() => silent.abort(), SILENCE_MAX_MS)
    try {
      const response = await fetch(address('/v1/stream', {
        event_id: this.#watch.eventIds.join(','),
        include: this.#watch.onAudit && 'audit',
        after: this.#after,
      }), { headers: { Accept: 'text/event-stream' }, signal })
      if (!response.ok || !response.body) throw new Error(String(response.status))
      const text = response.body.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await text.read()
        if (done) return
        clearTimeout(timer)
        timer = setTimeout(() => silent.abort(), SILENCE_MAX_MS)
        opened()
        liveState.value = 'live'
        for (const message of reader.read(value)) this.#take(message)
      }
    } finally {
      clearTimeout(timer)
    }
  }

  #take(message: Message): void {
    if (message.id) this.#after = message.id
    const data = JSON.parse(message.data || '{}') as unknown
    if (message.type === 'snapshot') {
      const { as_of, types } = data as { as_of: string; types: LiveCounts[] }
      counts.value = merge(counts.value, types.map((one) => ({ ...one, as_of: one.as_of ?? as_of })))
    } else if (message.type === 'counts') {
      counts.value = merge(counts.value, [data as LiveCounts])
    } else if (message.type === 'audit') {
      this.#watch.onAudit?.(data as AuditEntry)
    } else if (message.type === 'reset') {
      this.#after = ''
      this.#watch.onReset?.()
    }
  }
}

/** Keeps `counts` fed for these events while the page is shown and can be seen. */
export function useLive(watch: Watch): void {
  const ids = watch.eventIds.join(',')
  useEffect(() => {
    if (!ids) return
    let feed: Feed | null = null
    const turn = () => {
      const wanted = document.visibilityState === 'visible' && !lapsed.peek()
      if (wanted && !feed) feed = new Feed(watch)
      if (!wanted) {
        feed?.close()
        feed = null
        liveState.value = 'paused'
      }
    }
    document.addEventListener('visibilitychange', turn)
    const stop = effect(() => { void lapsed.value; turn() })
    return () => {
      stop()
      document.removeEventListener('visibilitychange', turn)
      feed?.close()
      liveState.value = 'paused'
    }
  }, [ids])
}

/** A ticket type's counts: the stream's if it has spoken of it, else those that were loaded. */
export const countsOf = (type: { id: string; counts: Counts }): Counts => counts.value.get(type.id) ?? type.counts
