/** Who are you? As a page, and over a page whose session has ended. */
import { useSignal } from '@preact/signals'
import { TicketdError } from '../app/api.ts'
import { me, signIn } from '../app/session.ts'
import { Logo, ThemeSwitch } from '../app/shell.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { explain } from '../parts/states.tsx'

function words(error: unknown): string {
  if (error instanceof TicketdError && error.status === 401) return 'E-mail or password is wrong.'
  if (error instanceof TicketdError && error.status === 429) return 'Too many attempts. Wait a little, then try again.'
  return explain(error)
}

function SignInForm() {
  const email = useSignal(me.value?.email ?? '')
  const password = useSignal('')
  const busy = useSignal(false)
  const error = useSignal('')
  const tried = useSignal(false)
  const wrong = (value: string, words: string) => tried.value && !value.trim() ? words : undefined
  const submit = async () => {
    tried.value = true
    if (!email.value.trim() || !password.value) return
    if (busy.value) return
    busy.value = true
    error.value = ''
    try {
      await signIn(email.value.trim(), password.value)
    } catch (cause) {
      error.value = words(cause)
      document.querySelector<HTMLInputElement>('#app input[type=password], dialog input[type=password]')?.select()
    } finally {
      busy.value = false
    }
  }
  return (
    <Form onSubmit={submit}>
      <TextField label="E-mail" type="email" name="email" autocomplete="username"
        value={email.value} error={wrong(email.value, 'Give your e-mail address.')} onValue={(value) => { email.value = value }} />
      <TextField label="Password" type="password" name="password" autocomplete="current-password"
        value={password.value} onValue={(value) => { password.value = value }} error={error.value || wrong(password.value, 'Give your password.')} />
      <Button kind="primary" type="submit" busy={busy.value}>{busy.value ? 'Signing in…' : 'Sign in'}</Button>
    </Form>
  )
}

export function SignInPage() {
  document.title = 'Sign in · ticketd'
  return (
    <main class="alone" id="main">
      <div class="sign-in card">
        <Logo />
        <h1>Sign in</h1>
        <SignInForm />
      </div>
      <ThemeSwitch />
    </main>
  )
}

/** What was typed in the page behind it stays; its requests go on once this is answered. */
export const SignInAgain = () => (
  <Dialog title="Your session has ended" busy onClose={() => {}}>
    <p class="dialog-lead">Sign in again to go on where you are. Nothing you have typed is lost.</p>
    <SignInForm />
  </Dialog>
)
