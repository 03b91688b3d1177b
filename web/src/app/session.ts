/** Who is at the screen, and what may they do? */
import { signal } from '@preact/signals'
import { TicketdError, client, whenSignedOut } from './api.ts'
import type { Me, Right } from './model.ts'

/** undefined until the server was asked; null when nobody is signed in. */
export const me = signal<Me | null | undefined>(undefined)

/** The session ended while a page was open: sign-in is shown over it. */
export const lapsed = signal(false)

/** Why the server could not be asked, when it could not. */
export const unreachable = signal<unknown>(null)

let waiting: (() => void)[] = []

/** Whether the one at the screen may do this at all; the server has the last word for each event. */
export const can = (right: Right): boolean => me.value?.rights.includes(right) ?? false

/** Whether this event is among those that the one at the screen is there for. */
export const isMine = (eventId: string): boolean => me.value?.event_ids?.includes(eventId) ?? true

/** Whether they are there for all events, also those to come. */
export const isForAll = (): boolean => !me.value?.event_ids

whenSignedOut(() => new Promise((resolve) => {
  if (!me.value) return resolve(false)
  waiting.push(() => resolve(true))
  lapsed.value = true
}))

export async function findSession(): Promise<void> {
  unreachable.value = null
  try {
    me.value = await client.me.get()
  } catch (error) {
    if (error instanceof TicketdError && error.status === 401) me.value = null
    else unreachable.value = error
  }
}

/** Throws what the server refused. */
export async function signIn(email: string, password: string): Promise<void> {
  const before = me.value
  const now = await client.session.create({ email, password })
  // Somebody else's page: nothing of it may be theirs to see.
  if (before && before.actor.id !== now.actor.id) return location.assign('/admin/')
  me.value = now
  lapsed.value = false
  const resume = waiting
  waiting = []
  resume.forEach((go) => go())
}

/** Throws where the server cannot be told: the session would go on. */
export async function signOut(): Promise<void> {
  await client.session.end()
  location.assign('/admin/sign-in')
}
