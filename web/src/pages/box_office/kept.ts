/** What the browser keeps of a till, so that a reload or a crash forgets no sale.
 *
 * Each tab has a record of its own per event. A paid sale whose tab is gone is taken over by the
 * next one of the same person; two that take it over do no harm, for the cart completes once. */
import type { Kept } from './till.ts'

interface Entry { who: string; beat: number; kept: Kept }

const BEAT_MS = 10_000
const GONE_MS = 30_000

export function tillStore(event: string, who: string, newId: () => string) {
  const prefix = `ticketd.till.${event}.`
  const tab = sessionStorage.getItem('ticketd.tab') ?? newId()
  sessionStorage.setItem('ticketd.tab', tab)
  let latest: Kept | null = null

  const read = (name: string): Entry | null => {
    try {
      const entry = JSON.parse(localStorage.getItem(name) ?? 'null') as Entry | null
      return entry?.who === who ? entry : null
    } catch {
      return null
    }
  }
  const keep = (kept: Kept): void => {
    latest = kept
    localStorage.setItem(prefix + tab, JSON.stringify({ who, beat: Date.now(), kept } satisfies Entry))
  }
  const load = (): Kept | null => {
    const own = read(prefix + tab)?.kept ?? null
    const names = Object.keys(localStorage).filter((name) => name.startsWith(prefix) && name !== prefix + tab)
    const adopted = names.flatMap((name) => {
      const entry = read(name)
      if (!entry || Date.now() - entry.beat < GONE_MS) return []
      localStorage.removeItem(name)
      return [entry.kept]
    })
    if (!own && !adopted.length) return null
    const all = [...(own ? [own] : []), ...adopted]
    return {
      current: own?.current ?? { ...adopted[0]!.current, id: newId(), wanted: {}, creation: null, cart: null },
      behind: all.flatMap((one) => one.behind).filter((sale, i) => sale.payment || i < (own?.behind.length ?? 0)),
      last: own?.last ?? null,
      refunds: all.flatMap((one) => one.refunds),
    }
  }
  const beat = setInterval(() => latest && keep(latest), BEAT_MS)
  return { load, keep, close: () => clearInterval(beat) }
}
