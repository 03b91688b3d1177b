// How many were there, sold and reserved over time? Steps, not slopes: between two changes nothing
// happened.
import { useSignal } from '@preact/signals'
import { number } from '../../parts/format.ts'
import { linear } from '../../parts/scale.ts'
import { useWidth } from '../../parts/width.ts'
import { nearest, stepArea, stepPath, stepPoints, type StepPoint, type StepRow } from './steps.ts'

const HEIGHT = 220
/** Times named below the line stand so far apart that they do not touch. */
const TIME_WIDTH = 130
const MARGIN = { left: 44, right: 12, top: 12, bottom: 26 }

interface Props {
  rows: StepRow[]
  /** Up to when the last row holds. */
  until: number
  label: string
  /** A moment as people of the event read it. */
  formatTime: (instant: number) => string
  formatTick: (instant: number) => string
}

export function StepLine({ rows, until, label, formatTime, formatTick }: Props) {
  const at = useSignal<number | null>(null)
  const { box, width: whole } = useWidth()
  const points = stepPoints(rows, until)
  const first = points[0]
  const last = points[points.length - 1]
  if (first === undefined || last === undefined) return null

  const span = Math.max(1, last.at - first.at)
  const width = whole - MARGIN.left - MARGIN.right
  const x = (instant: number) => MARGIN.left + (width * (instant - first.at)) / span
  const y = linear(Math.max(...points.map((point) => point.total)), [HEIGHT - MARGIN.bottom, MARGIN.top])
  const sold = (point: StepPoint) => y(point.sold)
  const taken = (point: StepPoint) => y(point.sold + point.reserved)
  const floor = () => y(0)
  const count = Math.max(1, Math.floor(width / TIME_WIDTH))
  const times = Array.from({ length: count }, (_, i) => first.at + (span * (i + 0.5)) / count)

  const read = at.value === null ? null : points[at.value]
  const move = (by: number) => {
    const from = at.value ?? (by > 0 ? -1 : points.length)
    at.value = Math.min(points.length - 1, Math.max(0, from + by))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') at.value = null
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -points.length, End: points.length }[event.key]
    if (by === undefined) return
    event.preventDefault()
    move(by)
  }
  const onPointerMove = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const drawn = event.currentTarget.getBoundingClientRect()
    const share = (((event.clientX - drawn.left) / drawn.width) * whole - MARGIN.left) / width
    const under = first.at + span * share
    at.value = nearest(points, under)
  }
  const words =
    read &&
    `${formatTime(read.at)}: total ${number(read.total)}, sold ${number(read.sold)}, reserved ${number(read.reserved)}, ` +
      `available ${number(read.available)}`

  return (
    <figure class="plot whole" ref={box}>
      <svg
        viewBox={`0 0 ${whole} ${HEIGHT}`}
        role="img"
        tabIndex={0}
        aria-label={`${label}. Use the left and right arrow keys to read single changes.`}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => (at.value = null)}
        onBlur={() => (at.value = null)}
      >
        {y.ticks.map((tick) => (
          <g key={tick}>
            <line class="line" x1={MARGIN.left} x2={whole - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            <text class="tick" x={MARGIN.left - 8} y={y(tick) + 4} text-anchor="end">
              {number(tick)}
            </text>
          </g>
        ))}
        {times.map((instant) => (
          <text key={instant} class="tick" x={x(instant)} y={HEIGHT - 6} text-anchor="middle">
            {formatTick(instant)}
          </text>
        ))}
        <path class="step-sold" d={stepArea(points, x, floor, sold)} />
        <path class="step-reserved" d={stepArea(points, x, sold, taken)} />
        <path class="step-total" d={stepPath(points, x, (point) => y(point.total))} />
        {read && (
          <line class="read" x1={x(read.at)} x2={x(read.at)} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
        )}
      </svg>
      <figcaption class="legend">
        <span>
          <i class="swatch total" />
          Total
        </span>
        <span>
          <i class="swatch sold" />
          Sold
        </span>
        <span>
          <i class="swatch reserved" />
          Reserved
        </span>
        <output aria-live="polite">{words ?? ''}</output>
      </figcaption>
    </figure>
  )
}
