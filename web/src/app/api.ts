/** What does the server say? The one way from the pages to it: ticketd's own client, for a person.
 *
 * A 401 waits until somebody has signed in again and then goes on. */
import { TicketdError, TicketdUnreachable, createClient, uuidv7 } from '@ticketd/client'

export { TicketdError, TicketdUnreachable, uuidv7 }

/** Set by the session: resolves to whether somebody has signed in again. */
let signInAgain = (): Promise<boolean> => Promise.resolve(false)
export function whenSignedOut(ask: () => Promise<boolean>): void {
  signInAgain = ask
}

/** Somebody waits before the screen and can try again: after a minute at the latest they are told. */
export const client = createClient({
  onUnauthenticated: () => signInAgain(),
  retry: { attempts: 3, attemptMs: 30_000, totalMs: 60_000 },
})

/** Whether somebody else has changed it since it was shown. */
export const isStale = (error: unknown): boolean =>
  error instanceof TicketdError && error.code === 'version_mismatch'

/** What the server says is wrong at the member `pointer` ("/quantity") of what was sent. */
export const wrongAt = (error: unknown, pointer: string): string | undefined =>
  error instanceof TicketdError ? error.fieldError(pointer)?.detail : undefined

/** Whether all that the server says is wrong stands at some member. */
export const isAtMembers = (error: unknown): boolean =>
  error instanceof TicketdError && error.code === 'validation_failed'
