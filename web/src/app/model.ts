/** The shapes of the API that pages speak of: the contract's own, by the contract's names. */
import type { Problem, Schemas } from '@ticketd/client'

export type Actor = Schemas['Actor']
export type Adjusted = Schemas['Adjusted']
export type AuditEntry = Schemas['AuditEntry']
export type Cart = Schemas['Cart']
export type Channel = Schemas['Channel']
export type Counts = Schemas['Counts']
export type Event = Schemas['Event']
export type Inventory = Schemas['Inventory']
export type Me = Schemas['Me']
export type ProblemBody = Problem
export type Reservation = Schemas['Reservation']
export type Right = Schemas['Right']
export type Role = Schemas['Role']
export type SalesFigures = Schemas['ReportMoney']
export type SalesReport = Schemas['SalesReport']
export type SalesRow = Schemas['SalesReportRow']
/** As staff see it. */
export type TicketType = Schemas['CountedTicketType']
