/** A form that says what is wrong at the field, and leads there: refused or incomplete, its first wrong
 * field has the focus. */
import type { ComponentChildren } from 'preact'

export interface FormProps {
  /** Sends it, or leaves the words of what is wrong at the fields. */
  onSubmit: (form: HTMLFormElement) => unknown
  class?: string
  children: ComponentChildren
}

/** Once what is wrong stands in the page. */
function leadToWrong(form: HTMLFormElement): void {
  setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid], .wrong input:checked')?.focus())
}

export function Form({ onSubmit, class: name = 'form', children }: FormProps) {
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = event.currentTarget
    await onSubmit(form)
    leadToWrong(form)
  }
  return <form class={name} noValidate onSubmit={(event) => void submit(event)}>{children}</form>
}
