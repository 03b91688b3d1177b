/** What does this sale need next? One customer's tickets, from the first tap to paid.
 *
 * Pure: every function answers with a new Sale. What the cashier wants counts at once; what the
 * server granted follows by one request at a time, each the answer of `nextStep`. A request without
 * a reply is asked again under the same key, so that nothing happens twice; and once a payment was
 * `sent`, nothing but completing it is ever asked again, because it may have happened. */
import type { Cart, ProblemBody } from '../../app/model.ts'

/** Quantities by ticket type, in the order in which they were first tapped. None is 0. */
export type Lines = Readonly<Record<string, number>>

export interface Payment {
  key: string
  channel: 'box_office' | 'comp'
  tender: 'cash' | 'card' | null
  reason: string | null
  amount: number
  /** The request to complete may have reached the server. Kept before it leaves. */
  sent: boolean
}

export interface Sale {
  readonly id: string
  readonly wanted: Lines
  /** A cart was asked for and no reply came yet: to be asked again as it was. */
  readonly creation: { readonly key: string; readonly items: Lines } | null
  readonly cart: Held | null
  readonly payment: Readonly<Payment> | null
  /** Its reservation ran out while nobody worked on it. */
  readonly lapsed: boolean
  /** The cashier works on it: it should live longer. */
  readonly wantsTime: boolean
}

/** What the server keeps for this sale, until `deadline` by the clock of this screen. */
export interface Held {
  readonly id: string
  readonly granted: Lines
  readonly prices: Lines
  readonly deadline: number
  /** It lives as long as one may; more time was refused. */
  readonly final: boolean
  /** The shop's order ids are UUIDs, as its refusal of another kind has told. */
  readonly plainOrder: boolean
}

export type Step =
  | { kind: 'create'; key: string; items: Lines }
  | { kind: 'replace'; cart: string; items: Lines }
  | { kind: 'extend'; cart: string }
  | { kind: 'release'; cart: string }
  | { kind: 'complete'; cart: string; order: string; payment: Readonly<Payment> }

/** A reservation lives so long without a touch; one that has less than REFRESH_MS gets it anew. */
export const LIFETIME_S = 300
export const REFRESH_MS = 240_000
export const AMBER_MS = 30_000

export const count = (lines: Lines): number => Object.values(lines).reduce((sum, n) => sum + n, 0)
export const isEmpty = (lines: Lines): boolean => Object.keys(lines).length === 0

export function same(one: Lines, other: Lines): boolean {
  const types = Object.keys(one)
  return types.length === Object.keys(other).length && types.every((type) => one[type] === other[type])
}

export function withLine(lines: Lines, type: string, quantity: number): Lines {
  const { [type]: _, ...others } = lines
  if (quantity <= 0) return others
  return type in lines ? { ...lines, [type]: quantity } : { ...others, [type]: quantity }
}

export const itemsOf = (lines: Lines) =>
  Object.entries(lines).map(([ticket_type_id, quantity]) => ({ ticket_type_id, quantity }))

const linesOf = (cart: Cart): Lines =>
  Object.fromEntries(cart.lines.map((line) => [line.ticket_type_id, line.quantity]))

export const newSale = (id: string): Sale =>
  ({ id, wanted: {}, creation: null, cart: null, payment: null, lapsed: false, wantsTime: false })

/** "BO-" and ten characters of the cart's id, as ticketd itself makes them for a direct sale: the
 * same cart always completes under the same order, whoever asks again. */
export function orderOf(cart: string): string {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  let bits = BigInt(`0x${cart.replaceAll('-', '').slice(14, 28)}`)
  let text = ''
  for (let i = 0; i < 10; i++) {
    text = digits[Number(bits & 31n)] + text
    bits >>= 5n
  }
  return `BO-${text}`
}

/** What to ask the server now; null when it keeps just what is wanted. */
export function nextStep(sale: Sale): Step | null {
  const { cart, creation, payment, wanted } = sale
  if (creation) return { kind: 'create', ...creation }
  if (cart && payment?.sent) return completion(cart, payment)
  if (isEmpty(wanted)) return cart && { kind: 'release', cart: cart.id }
  if (!cart) return null
  if (!same(cart.granted, wanted)) return { kind: 'replace', cart: cart.id, items: wanted }
  if (payment) return completion(cart, payment)
  return sale.wantsTime && !cart.final ? { kind: 'extend', cart: cart.id } : null
}

const completion = (cart: Held, payment: Readonly<Payment>): Step =>
  ({ kind: 'complete', cart: cart.id, order: cart.plainOrder ? cart.id : orderOf(cart.id), payment })

/** The sale as it is kept before `nextStep` is asked: a cart asked for, a payment about to leave. */
export function prepared(sale: Sale, newKey: () => string): Sale {
  const { cart, creation, payment, wanted } = sale
  if (creation || isEmpty(wanted)) return sale
  if (!cart) {
    return sale.lapsed && !payment ? sale : { ...sale, creation: { key: newKey(), items: wanted }, lapsed: false }
  }
  if (payment && !payment.sent && same(cart.granted, wanted)) {
    return { ...sale, payment: { ...payment, sent: true } }
  }
  return sale
}

/** The cashier works at `now`: a reservation that has been lying for a minute gets its time anew. */
export function touched(sale: Sale, now: number): Sale {
  const { cart } = sale
  const due = cart && !cart.final && !sale.payment && cart.deadline - now < REFRESH_MS
  return due && !sale.wantsTime ? { ...sale, wantsTime: true } : sale
}

export function changed(sale: Sale, type: string, quantity: number, now: number): Sale {
  return { ...touched(sale, now), wanted: withLine(sale.wanted, type, quantity), lapsed: false }
}

/** Its time has passed: nothing is kept any more. A payment takes the tickets again, so it goes on. */
export function aged(sale: Sale, now: number): Sale {
  if (!sale.cart || sale.payment || now < sale.cart.deadline) return sale
  return { ...sale, cart: null, lapsed: true, wantsTime: false }
}

/** A cart as the server has just told of it. The server's `remaining_seconds` count, not its clock:
 * they are rounded up and have travelled, so that what is over here is over there too. */
export function granted(sale: Sale, cart: Cart, now: number): Sale {
  if (cart.status !== 'active') return lost(sale)
  const held: Held = {
    id: cart.id,
    granted: linesOf(cart),
    prices: Object.fromEntries(cart.lines.map((line) => [line.ticket_type_id, line.unit_price])),
    deadline: now + cart.remaining_seconds * 1000,
    final: sale.cart?.final ?? false,
    plainOrder: sale.cart?.plainOrder ?? false,
  }
  return touched({ ...sale, creation: null, cart: held, lapsed: false, wantsTime: false }, now)
}

/** The cart is no more; whoever works on the sale gets another one. */
const lost = (sale: Sale): Sale => ({ ...sale, creation: null, cart: null, lapsed: true, wantsTime: false })

export interface Refusal {
  sale: Sale
  /** What to tell the cashier; null when there is nothing they have to know. */
  notice: string | null
}

/** What a refusal makes of the sale. `names` gives ticket types their names. */
export function refused(sale: Sale, step: Step, problem: ProblemBody, names: (type: string) => string): Refusal {
  const open: Sale = { ...sale, creation: null, payment: null }
  const unsold = sale.payment ? ' Nothing was sold.' : ''
  const over = (notice: string | null): Refusal => ({ sale: lost(open), notice: notice && notice + unsold })
  switch (step.kind) {
    case 'release':
      return { sale: { ...open, cart: null }, notice: null }
    case 'extend':
      return problem.code === 'extension_limit'
        ? { sale: { ...sale, wantsTime: false, cart: sale.cart && { ...sale.cart, final: true } }, notice: null }
        : { sale: { ...lost(sale), creation: null }, notice: null }
    case 'complete':
      if (problem.errors?.some((error) => error.pointer === '/order_id') && sale.cart && !sale.cart.plainOrder) {
        return { sale: { ...sale, cart: { ...sale.cart, plainOrder: true } }, notice: null }
      }
      if (problem.code === 'order_mismatch') {
        return { sale: { ...open, cart: null, wanted: {} }, notice: 'These tickets were sold under another order already.' }
      }
      if (/^(reservation_|insufficient_|not_found)/.test(problem.code)) return over(problem.detail)
      return { sale: open, notice: `${problem.detail}${unsold}` }
    case 'create':
    case 'replace':
      return unreserved(sale, open, problem, names, unsold)
  }
}

function unreserved(
  sale: Sale, open: Sale, problem: ProblemBody, names: (type: string) => string, unsold: string,
): Refusal {
  const kept = sale.cart?.granted ?? {}
  const type = problem.ticket_type_id as string | undefined
  if (problem.code === 'insufficient_inventory' && type) {
    const most = (kept[type] ?? 0) + ((problem.available as number | undefined) ?? 0)
    if ((sale.wanted[type] ?? 0) <= most) return { sale: { ...sale, creation: null }, notice: null }
    const notice = most ? `Only ${most} ${names(type)} left.` : `No ${names(type)} left.`
    return { sale: { ...open, wanted: withLine(sale.wanted, type, most) }, notice: notice + unsold }
  }
  // A paid or tapped sale takes its tickets again; nobody has to know that the first ones ran out.
  if (problem.code === 'reservation_expired') {
    return { sale: { ...sale, creation: null, cart: null, lapsed: false }, notice: null }
  }
  if (problem.code === 'reservation_completed') {
    return { sale: { ...open, cart: null, wanted: {} }, notice: 'These tickets were sold already.' }
  }
  if (/^(reservation_|not_found)/.test(problem.code)) {
    return { sale: lost(open), notice: `${problem.detail}${unsold}` }
  }
  return { sale: { ...open, wanted: kept }, notice: `${problem.detail}${unsold}` }
}

/** Between what was wanted and what the server sold, or null where they agree. */
export function difference(wanted: Lines, sold: Cart, names: (type: string) => string): string | null {
  const got = linesOf(sold)
  if (same(wanted, got)) return null
  const said = (lines: Lines) =>
    Object.entries(lines).map(([type, n]) => `${n} ${names(type)}`).join(', ') || 'nothing'
  return `Sold: ${said(got)}. Not: ${said(wanted)}.`
}
