/** How full is it? Sold, then reserved (striped, so that it is not told by colour alone), then free. */
import type { Counts } from '../app/model.ts'
import { number } from './format.ts'

const share = (part: number, counts: Pick<Counts, 'total'>): string =>
  `${counts.total > 0 ? Math.min(100, (part / counts.total) * 100) : 0}%`

export function Bar({ counts, label, tall = false }: { counts: Omit<Counts, 'initial'>; label: string; tall?: boolean }) {
  const words = `${label}: ${number(counts.sold)} sold, ${number(counts.reserved)} reserved, ` +
    `${number(counts.available)} available of ${number(counts.total)}`
  return (
    <span class={tall ? 'bar tall' : 'bar'} role="img" aria-label={words}>
      {counts.sold > 0 && <i class="sold" style={{ width: share(counts.sold, counts) }} />}
      {counts.reserved > 0 && <i class="reserved" style={{ width: share(counts.reserved, counts) }} />}
    </span>
  )
}
