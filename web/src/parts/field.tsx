/** A labelled control with its hint, and what is wrong with it right there. */
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export interface FieldProps {
  label: string
  /** Beside the label: "required, kept in the audit log". */
  note?: string | undefined
  hint?: ComponentChildren
  error?: string | undefined
  /** Gets the properties that tie the control to its label, hint and error. */
  children: (control: ControlProps) => ComponentChildren
}

export interface ControlProps {
  id: string
  'aria-describedby'?: string | undefined
  'aria-invalid'?: 'true' | undefined
}

export function Field({ label, note, hint, error, children }: FieldProps) {
  const id = useId()
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}{note && <span class="note"> {note}</span>}</label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? 'true' : undefined,
      })}
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      <p class="error" id={`${id}-error`} role={error ? 'alert' : undefined}>{error}</p>
    </div>
  )
}

export type TextProps = Omit<FieldProps, 'children'> & {
  value: string
  onValue: (value: string) => void
  type?: 'text' | 'email' | 'password' | 'url' | 'search' | 'number' | 'date' | 'datetime-local'
  name?: string
  autocomplete?: string
  inputMode?: 'text' | 'numeric' | 'decimal'
  placeholder?: string | undefined
  maxLength?: number
  minLength?: number
  min?: string | number
  max?: string | number
  required?: boolean
  disabled?: boolean
  readOnly?: boolean
  autofocus?: boolean
  list?: string
}

/** The most common one: a line of text. */
export function TextField({ label, note, hint, error, onValue, ...input }: TextProps) {
  return (
    <Field label={label} note={note} hint={hint} error={error}>
      {(control) => <input {...(input as object)} {...control} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  )
}

export interface CheckProps { label: string; hint?: string; checked: boolean; onChecked: (checked: boolean) => void }

export function Check({ label, hint, checked, onChecked }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChecked(event.currentTarget.checked)} />
      <span>{label}{hint && <small>{hint}</small>}</span>
    </label>
  )
}
