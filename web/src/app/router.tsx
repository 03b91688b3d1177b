/** Where are we? The address is the state: path and every filter are signals that follow it. */
import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

export const path = signal(location.pathname)
export const query = signal<URLSearchParams>(new URLSearchParams(location.search))

function follow(): void {
  path.value = location.pathname
  query.value = new URLSearchParams(location.search)
}

addEventListener('popstate', follow)

export interface NavigateOptions {
  /** No step for the Back button: for filters that are typed. */
  replace?: boolean
}

/** Goes to a path of these pages, with its query. A new path is shown from its top, focus on main. */
export function navigate(to: string, { replace = false }: NavigateOptions = {}): void {
  const url = new URL(to, location.href)
  if (url.href === location.href) return
  const moves = url.pathname !== location.pathname
  history[replace ? 'replaceState' : 'pushState'](null, '', url)
  follow()
  if (moves) {
    scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }
}

/** Changes some filters in the address; null or '' takes one out. Back undoes it, unless `replace`. */
export function setQuery(
  changes: Record<string, string | null | undefined>,
  options: NavigateOptions = {},
): void {
  const next = new URLSearchParams(query.value)
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value)
    else next.delete(name)
  }
  const text = next.toString()
  navigate(path.value + (text && `?${text}`), options)
}

/** One filter, or '' where the address has none. */
export const param = (name: string): string => query.value.get(name) ?? ''

/** Every plain click on a link to these pages stays in them; others are the browser's. */
export function interceptLinks(): void {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element | null)?.closest('a')
    if (!link || link.target || link.hasAttribute('download')) return
    const url = new URL(link.href, location.href)
    if (url.origin !== location.origin || !url.pathname.startsWith('/admin/')) return
    if (url.hash && url.pathname === location.pathname) return
    event.preventDefault()
    navigate(url.pathname + url.search)
  })
}

/** The parameters of `pattern` ("/admin/events/:event") in a path, or null if it does not match. */
export function match(pattern: string, actual: string): Record<string, string> | null {
  const wanted = pattern.split('/'), given = actual.split('/')
  if (wanted.length !== given.length) return null
  const found: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? ''
    if (part.startsWith(':')) {
      if (!value) return null
      found[part.slice(1)] = value
    } else if (part !== value) return null
  }
  return found
}

export interface LinkProps {
  to: string
  class?: string
  title?: string
  'aria-label'?: string
  onClick?: (event: MouseEvent) => void
  children?: ComponentChildren
}

/** A link that says when it is where we are. */
export function Link({ to, children, ...rest }: LinkProps) {
  return <a href={to} aria-current={path.value === to ? 'page' : undefined} {...rest}>{children}</a>
}
