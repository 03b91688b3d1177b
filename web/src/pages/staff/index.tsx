/** Who may sign in here, and what they may do. */
import { useSignal } from '@preact/signals'
import type { Schemas } from '@ticketd/client'
import { TicketdError, client, isAtMembers, isStale, wrongAt } from '../../app/api.ts'
import type { Event, Role } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { me } from '../../app/session.ts'
import { toast, toastStale } from '../../app/toasts.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, TextField } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { HERE } from '../../parts/format.ts'
import { EmptyState, ErrorNote, Loaded, SkeletonRows, explain } from '../../parts/states.tsx'
import { DataTable } from '../../parts/table.tsx'
import { Moment } from '../../parts/zoned.tsx'
import { EventScope } from './event_scope.tsx'
import { Secret } from './secret.tsx'

export type StaffMember = Schemas['StaffWithPassword']
type StaffRole = Schemas['StaffRole']

export const ROLE_WORDS: Record<Role, string> = {
  admin: 'Administrator', event_manager: 'Event manager', box_office: 'Box office', viewer: 'Viewer', checkout: 'Checkout',
}
const STAFF_ROLES: StaffRole[] = ['admin', 'event_manager', 'box_office', 'viewer']

export const scopeWords = (ids: string[] | null, events: readonly Event[]): string =>
  ids === null ? 'All events' : ids.map((id) => events.find((one) => one.id === id)?.name ?? `…${id.slice(-6)}`).join(', ')

type Doing = { what: 'add' } | { what: 'edit' | 'password'; who: StaffMember } | { what: 'secret'; who: StaffMember; secret: string }

export function StaffPage() {
  const staff = useResource((signal) => client.staff.list({ limit: 200 }, { signal }), [])
  const events = useResource((signal) => client.events.list({ limit: 200 }, { signal }), [])
  const doing = useSignal<Doing | null>(null)
  const known = events.data.value?.data ?? []
  const done = (words: string) => {
    toast(words)
    doing.value = null
    void staff.reload()
  }
  const turn = async (who: StaffMember) => {
    try {
      await client.staff[who.disabled_at ? 'enable' : 'disable'](who.id)
      done(who.disabled_at ? `${who.name} can sign in again.` : `${who.name} can no longer sign in.`)
    } catch (error) {
      toast(explain(error), { kind: 'failed' })
    }
  }
  return (
    <>
      <header class="page-head">
        <div><h1>Staff</h1><p class="sub">People who sign in to these pages.</p></div>
        <Button kind="primary" icon="plus" onClick={() => { doing.value = { what: 'add' } }}>Add a person</Button>
      </header>
      <section class="card" aria-label="Staff">
        <Loaded resource={staff} skeleton={<SkeletonRows rows={5} />}>
          {({ data }) => data.length === 0
            ? <EmptyState icon="people">Nobody can sign in yet.</EmptyState>
            : (
              <DataTable label="Staff" rows={data} keyOf={(one) => one.id} columns={[
                { head: 'Name', heading: true, cell: (one) => <><b>{one.name}</b><small>{one.email}</small></> },
                { head: 'Role', cell: (one) => <>{ROLE_WORDS[one.role]}<small>{scopeWords(one.event_ids, known)}</small></> },
                {
                  head: 'Last seen', optional: true,
                  cell: (one) => one.last_seen_at ? <Moment at={one.last_seen_at} zone={HERE} /> : 'never',
                },
                { head: 'State', cell: (one) => one.disabled_at ? <Badge tone="warn">Disabled</Badge> : <Badge tone="good">Active</Badge> },
                {
                  head: <span class="vh">Actions</span>, align: 'right', cell: (one) => (
                    <span class="row end">
                      <Button size="small" aria-label={`Edit ${one.name}`} onClick={() => { doing.value = { what: 'edit', who: one } }}>Edit</Button>
                      <Button size="small" aria-label={`New password for ${one.name}`}
                        onClick={() => { doing.value = { what: 'password', who: one } }}>Password</Button>
                      {one.id !== me.value?.actor.id && (
                        <Button size="small" aria-label={`${one.disabled_at ? 'Enable' : 'Disable'} ${one.name}`}
                          onClick={() => void turn(one)}>{one.disabled_at ? 'Enable' : 'Disable'}</Button>
                      )}
                    </span>
                  ),
                },
              ]} />
            )}
        </Loaded>
      </section>
      {(doing.value?.what === 'add' || doing.value?.what === 'edit') && (
        <PersonDialog who={doing.value.what === 'edit' ? doing.value.who : null} events={known}
          onClose={() => { doing.value = null }}
          onStale={({ name }) => { toastStale(name); doing.value = null; void staff.reload() }}
          onDone={(who) => {
            void staff.reload()
            if (who.password) doing.value = { what: 'secret', who, secret: who.password }
            else done(`${who.name} is saved.`)
          }} />
      )}
      {doing.value?.what === 'password' && (
        <PasswordDialog who={doing.value.who} onClose={() => { doing.value = null }}
          onDone={(who, secret) => { doing.value = { what: 'secret', who, secret }; void staff.reload() }} />
      )}
      {doing.value?.what === 'secret' && (
        <Secret title={`Password of ${doing.value.who.name}`} label="Password" secret={doing.value.secret} onClose={() => { doing.value = null }}>
          Hand it over now: it is shown this once. {doing.value.who.name} signs in with {doing.value.who.email}.
        </Secret>
      )}
    </>
  )
}

/** The server has the last word. */
const isEmail = (text: string): boolean => /^\s*\S+@\S+\s*$/.test(text)

function PersonDialog({ who, events, onClose, onStale, onDone }: {
  who: StaffMember | null; events: readonly Event[]; onClose: () => void
  onStale: (who: StaffMember) => void; onDone: (who: StaffMember) => void
}) {
  const name = useSignal(who?.name ?? '')
  const email = useSignal(who?.email ?? '')
  const role = useSignal<StaffRole>(who?.role ?? 'box_office')
  const scope = useSignal<string[] | null>(who?.event_ids ?? null)
  const busy = useSignal(false)
  const error = useSignal<unknown>(null)
  const tried = useSignal(false)
  const isTaken = error.value instanceof TicketdError && error.value.code === 'email_taken'
  const atEmail = isTaken ? explain(error.value) : wrongAt(error.value, '/email')
  const wrong = {
    name: wrongAt(error.value, '/name') ?? (tried.value && !name.value.trim() ? 'Say who it is.' : undefined),
    email: atEmail ?? (tried.value && !who && !isEmail(email.value) ? 'Give an e-mail address.' : undefined),
    events: wrongAt(error.value, '/event_ids') ?? (tried.value && scope.value?.length === 0 ? 'Choose an event, or all of them.' : undefined),
  }
  const save = async () => {
    if (busy.value) return
    tried.value = true
    if (!name.value.trim() || (!who && !isEmail(email.value)) || scope.value?.length === 0) return
    busy.value = true
    error.value = null
    const body = { name: name.value.trim(), role: role.value, event_ids: scope.value }
    try {
      onDone(who
        ? await client.staff.update(who.id, body, { ifMatch: who.version })
        : await client.staff.create({ ...body, email: email.value.trim() }))
    } catch (cause) {
      if (who && isStale(cause)) onStale(who)
      else error.value = cause
    } finally {
      busy.value = false
    }
  }
  return (
    <Dialog title={who ? `Edit ${who.name}` : 'Add a person'} onClose={onClose} busy={busy.value}>
      <Form onSubmit={save}>
        <TextField label="Name" required maxLength={200} value={name.value} error={wrong.name}
          onValue={(value) => { name.value = value }} />
        {!who && (
          <TextField label="E-mail" type="email" required maxLength={254} value={email.value} autocomplete="off"
            error={wrong.email} onValue={(value) => { email.value = value }} />
        )}
        <Field label="Role" error={wrongAt(error.value, '/role')}>
          {(control) => (
            <select {...control} value={role.value} onChange={(event) => { role.value = event.currentTarget.value as StaffRole }}>
              {STAFF_ROLES.map((one) => <option key={one} value={one}>{ROLE_WORDS[one]}</option>)}
            </select>
          )}
        </Field>
        <EventScope events={events} value={scope} error={wrong.events} />
        {error.value !== null && !isTaken && !isAtMembers(error.value) && <ErrorNote error={error.value} />}
        <div class="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={busy.value}>{who ? 'Save' : 'Add and make a password'}</Button>
        </div>
      </Form>
    </Dialog>
  )
}

function PasswordDialog({ who, onClose, onDone }: {
  who: StaffMember; onClose: () => void; onDone: (who: StaffMember, secret: string) => void
}) {
  const busy = useSignal(false)
  const error = useSignal<unknown>(null)
  const make = async () => {
    if (busy.value) return
    busy.value = true
    try {
      const made = await client.staff.password(who.id)
      onDone(who, made.password ?? '')
    } catch (cause) {
      error.value = cause
    } finally {
      busy.value = false
    }
  }
  return (
    <Dialog title={`New password for ${who.name}`} onClose={onClose} busy={busy.value}>
      <p>A new password is made, and {who.name} is signed out everywhere. The old one no longer works.</p>
      {error.value !== null && <ErrorNote error={error.value} />}
      <div class="row end">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" busy={busy.value} onClick={() => void make()}>Make a password</Button>
      </div>
    </Dialog>
  )
}
