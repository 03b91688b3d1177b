/** One of a few. */
export interface SegmentedProps<Value extends string> {
  label: string
  options: readonly { value: Value; label: string }[]
  value: Value
  onValue: (value: Value) => void
}

export function Segmented<Value extends string>({ label, options, value, onValue }: SegmentedProps<Value>) {
  return (
    <div class="segmented" role="group" aria-label={label}>
      {options.map((one) => (
        <button type="button" key={one.value} aria-pressed={one.value === value} onClick={() => onValue(one.value)}>
          {one.label}
        </button>
      ))}
    </div>
  )
}
