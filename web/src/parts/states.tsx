/** What is shown instead of what is not there: a skeleton, an empty place, an error. */
import type { ComponentChildren } from 'preact'
import { TicketdError, TicketdUnreachable } from '../app/api.ts'
import type { Resource } from '../app/resource.ts'
import { Button } from './button.tsx'
import { HERE, clock, zone } from './format.ts'
import { Icon, type IconName } from './icon.tsx'

/** The place of something that loads, as large as it will be. */
export const Skeleton = ({ width = '100%', height = '1em' }: { width?: string; height?: string }) =>
  <span class="skeleton" style={{ width, height }} aria-hidden="true" aria-busy="true" />

export const SkeletonRows = ({ rows = 5, height = '44px' }: { rows?: number; height?: string }) => (
  <div class="skeleton-rows" role="status" aria-label="Loading">
    {Array.from({ length: rows }, (_, i) => <Skeleton key={i} height={height} />)}
  </div>
)

/** One sentence, and what can be done next. */
export const EmptyState = ({ icon, children, action }: {
  icon?: IconName; children: ComponentChildren; action?: ComponentChildren
}) => (
  <div class="empty">{icon && <Icon name={icon} size={28} />}<p>{children}</p>{action}</div>
)

/** What failed, in plain words. */
export function explain(error: unknown): string {
  if (error instanceof TicketdError) return error.problem.detail
  if (error instanceof TicketdUnreachable) return 'The server cannot be reached.'
  return 'Something went wrong in this page.'
}

const requestId = (error: unknown): string | undefined => error instanceof TicketdError ? error.requestId : undefined

export function ErrorNote({ error, retry, children }: {
  error: unknown; retry?: (() => void) | undefined; children?: ComponentChildren
}) {
  const id = requestId(error)
  return (
    <div class="error-note" role="alert">
      <Icon name="alert" />
      <div><p>{explain(error)}</p>{children}{id && <p class="request-id">Request {id}</p>}</div>
      {retry && <Button size="small" onClick={retry}>Retry</Button>}
    </div>
  )
}

/** Skeleton, then the thing; an error stands above old numbers, which stay, greyed, with their time. */
export function Loaded<T>({ resource, skeleton, page, children }: {
  resource: Resource<T>; skeleton: ComponentChildren; children: (data: T) => ComponentChildren
  /** Of which page it is nearly all: its heading, where there is nothing yet to have one. */
  page?: string
}) {
  const data = resource.data.value, error = resource.error.value
  const retry = () => void resource.reload()
  if (data === undefined) return error ? <>{page && <h1>{page}</h1>}<ErrorNote error={error} retry={retry} /></> : <>{skeleton}</>
  if (!error) return <>{children(data)}</>
  const at = clock(resource.loadedAt.value, HERE)
  return (
    <>
      <ErrorNote error={error} retry={retry}><p>What you see is from {at} {zone(resource.loadedAt.value, HERE)}.</p></ErrorNote>
      <div class="stale">{children(data)}</div>
    </>
  )
}
