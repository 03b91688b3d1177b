/** What the browser keeps of a till, so that a reload or a crash forgets no sale.
 *
 * Each tab has a record of its own per event and person. A browser that doubles a tab gives both the
 * same name: the record says which page has it, and the second one takes another. A paid sale whose
 * tab is gone is taken over by another one of the same person; two that take it over do no harm, for
 * the cart completes once. */
import type { Kept } from './till.ts'

/** `page` has it; null once that page has gone in good order. */
interface Entry { page: string | null; beat: number; kept: Kept }

const BEAT_MS = 5_000
const GONE_MS = 15_000
const TAB = 'ticketd.tab'

export interface Storages {
  local: Storage
  session: Storage
  now: () => number
  newId: () => string
  /** This page, from its load to its end. */
  page: string
}

export type Abandoned = Pick<Kept, 'behind' | 'refunds'>

/** A browser that keeps nothing, full or told not to, sells all the same: only a reload would forget. */
function put(storage: Storage, name: string, value: string): void {
  try {
    storage.setItem(name, value)
  } catch { /* as above */ }
}

export function tillStore(event: string, who: string, { local, session, now, newId, page }: Storages) {
  const prefix = `ticketd.till.${event}.${who}.`
  let latest: Kept | null = null

  const read = (name: string): Entry | null => {
    try {
      return JSON.parse(local.getItem(name) ?? 'null') as Entry | null
    } catch {
      return null
    }
  }
  const isOthers = (entry: Entry | null): boolean =>
    !!entry?.page && entry.page !== page && now() - entry.beat < GONE_MS

  let tab = session.getItem(TAB) ?? newId()
  if (isOthers(read(prefix + tab))) tab = newId()
  put(session, TAB, tab)

  const write = (owner: string | null): void =>
    put(local, prefix + tab, JSON.stringify({ page: owner, beat: now(), kept: latest! } satisfies Entry))

  return {
    load: (): Kept | null => (latest = read(prefix + tab)?.kept ?? null),
    keep: (kept: Kept): void => {
      latest = kept
      write(page)
    },
    /** The page is there still; what others left behind comes back, to be asked for from here. */
    beat: (): Abandoned | null => {
      if (latest) write(page)
      const gone = Object.keys(local).filter((name) => name.startsWith(prefix) && name !== prefix + tab)
        .map((name) => ({ name, entry: read(name) }))
        .filter(({ entry }) => entry && now() - entry.beat >= GONE_MS)
      for (const { name } of gone) local.removeItem(name)
      const all = gone.map(({ entry }) => entry!.kept)
      const behind = all.flatMap((one) => one.behind).filter((sale) => sale.payment)
      const refunds = all.flatMap((one) => one.refunds)
      return behind.length || refunds.length ? { behind, refunds } : null
    },
    /** The page goes: the next one in this tab may have the record at once. */
    leave: (): void => { if (latest) write(null) },
  }
}

/** Calls `beat` for as long as the page lives, `leave` when it goes. */
export function whileHere(store: ReturnType<typeof tillStore>, takeOver: (left: Abandoned) => void): void {
  const beat = () => {
    const left = store.beat()
    if (left) takeOver(left)
  }
  beat()
  setInterval(beat, BEAT_MS)
  addEventListener('pagehide', store.leave)
  addEventListener('pageshow', beat)
}
