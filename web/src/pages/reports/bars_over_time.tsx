/** Stacked bars over time, one colour for each series; read with the arrow keys or by pointing. The
 * table below it holds the same figures. */
import { useSignal } from '@preact/signals'
import { band, linear } from '../../parts/scale.ts'
import { useWidth } from '../../parts/width.ts'

const HEIGHT = 240
const MARGIN = { left: 52, right: 8, top: 10, bottom: 26 }
/** Names below the bars stand so far apart that they do not touch. */
const NAME_WIDTH = 120
const COLOURS = 6

export interface Series { name: string; values: number[] }

export function BarsOverTime({ label, names, ticks, series, format }: {
  /** Each bar in full, and as short as it fits below. */
  label: string; names: string[]; ticks: string[]; series: Series[]; format: (value: number) => string
}) {
  const at = useSignal<number | null>(null)
  const { box, width } = useWidth()
  const count = names.length
  const sums = names.map((_, i) => series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0))
  const y = linear(Math.max(0, ...sums), [HEIGHT - MARGIN.bottom, MARGIN.top])
  const x = band(count, [MARGIN.left, width - MARGIN.right])
  const left = (i: number) => MARGIN.left + x.step * i
  const every = Math.ceil(count / Math.max(1, Math.floor(width / NAME_WIDTH)))
  const read = at.value
  const words = read === null ? '' : `${names[read]}: ` + series
    .map((one) => `${one.name} ${format(one.values[read] ?? 0)}`).join(', ')

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') at.value = null
    const to = {
      ArrowLeft: (at.value ?? count) - 1, ArrowRight: (at.value ?? -1) + 1, Home: 0, End: count - 1,
    }[event.key]
    if (to === undefined) return
    event.preventDefault()
    at.value = Math.min(count - 1, Math.max(0, to))
  }
  return (
    <figure class="plot whole" ref={box}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} role="img" tabIndex={0} onKeyDown={onKeyDown}
        aria-label={`${label}. Use the left and right arrow keys to read single bars; the table below holds all of them.`}
        onPointerLeave={() => { at.value = null }} onBlur={() => { at.value = null }}>
        {y.ticks.map((tick) => (
          <g key={tick}>
            <line class="line" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            <text class="tick" x={MARGIN.left - 8} y={y(tick) + 4} text-anchor="end">{format(tick)}</text>
          </g>
        ))}
        {names.map((name, i) => {
          let below = 0
          return (
            <g key={name + i} class={read !== null && read !== i ? 'dim' : undefined}>
              {series.map((one, k) => {
                const value = one.values[i] ?? 0
                if (value === 0) return null
                const foot = y(below), top = y((below += value))
                return <rect key={one.name} class={`s${(k % COLOURS) + 1}`} x={x(i)} y={top}
                  width={x.bandwidth} height={Math.max(1, foot - top - 1)} rx="1.5" />
              })}
              <rect class="catch" x={left(i)} y={MARGIN.top} width={x.step} height={HEIGHT - MARGIN.top - MARGIN.bottom}
                onPointerEnter={() => { at.value = i }} />
              {i % every === Math.floor(every / 2) && (
                <text class="tick" x={left(i) + x.step / 2} y={HEIGHT - 6} text-anchor="middle">{ticks[i]}</text>
              )}
            </g>
          )
        })}
      </svg>
      <figcaption class="legend">
        {series.map((one, k) => <span key={one.name}><i class={`swatch s${(k % COLOURS) + 1}`} />{one.name}</span>)}
        <output aria-live="polite">{words}</output>
      </figcaption>
    </figure>
  )
}
