/** What are the counts now? One stream for the page that is shown, open only while it can be seen:
 * six open streams block the seventh page of a browser. */
import { effect, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { LiveCounts as Told } from '@ticketd/client'
import { client } from './api.ts'
import type { AuditEntry, Counts } from './model.ts'
import { lapsed } from './session.ts'

/** Staff are told all of it. */
export type LiveCounts = Required<Told>

/** paused: nobody looks, or the page needs no stream or may have none. */
export type LiveState = 'live' | 'reconnecting' | 'paused'

/** By ticket type, the newest that is known from the stream. */
export const counts = signal<ReadonlyMap<string, LiveCounts>>(new Map())
export const liveState = signal<LiveState>('paused')

/** As many as one stream takes. */
export const LIVE_EVENTS_MAX = 20

export interface Watch {
  eventIds: string[]
  /** Also what is written to the log, for those who may read it. */
  onAudit?: ((entry: AuditEntry) => void) | undefined
  /** What came between is not known: load again. */
  onReset?: (() => void) | undefined
}

const isWhole = (one: Told): one is LiveCounts => one.total !== undefined

/** Takes the newer of two states of a ticket type; a repeat is harmless. */
export function merge(known: ReadonlyMap<string, LiveCounts>, news: Told[]): ReadonlyMap<string, LiveCounts> {
  const next = new Map(known)
  for (const one of news.filter(isWhole)) {
    const before = next.get(one.ticket_type_id)
    if (!before || one.seq > before.seq || (one.seq === before.seq && one.as_of >= before.as_of)) {
      next.set(one.ticket_type_id, one)
    }
  }
  return next
}

/** Until `stop`, or until the server says that there is nothing to see. */
async function follow({ eventIds, onAudit, onReset }: Watch, stop: AbortSignal): Promise<void> {
  const messages = client.stream({
    eventIds, signal: stop, onState: (state) => { liveState.value = state }, ...(onAudit && { include: 'audit' }),
  })
  try {
    for await (const { type, data } of messages) {
      if (type === 'snapshot') counts.value = merge(counts.value, data.types)
      else if (type === 'counts') counts.value = merge(counts.value, [data])
      else if (type === 'audit') onAudit?.(data)
      else onReset?.()
    }
  } catch {
    if (!stop.aborted) liveState.value = 'paused'
  }
}

/** Keeps `counts` fed for these events while the page is shown and can be seen. */
export function useLive(watch: Watch): void {
  const ids = watch.eventIds.join(',')
  useEffect(() => {
    if (!ids) return
    let feed: AbortController | null = null
    const pause = () => {
      feed?.abort()
      feed = null
      liveState.value = 'paused'
    }
    const turn = () => {
      const wanted = document.visibilityState === 'visible' && !lapsed.peek()
      if (!wanted) pause()
      else if (!feed) void follow(watch, (feed = new AbortController()).signal)
    }
    document.addEventListener('visibilitychange', turn)
    const stop = effect(() => { void lapsed.value; turn() })
    return () => {
      stop()
      document.removeEventListener('visibilitychange', turn)
      pause()
    }
  }, [ids])
}

/** A ticket type's counts: the stream's if it has spoken of it, else those that were loaded. */
export const countsOf = (type: { id: string; counts: Counts }): Counts => counts.value.get(type.id) ?? type.counts
