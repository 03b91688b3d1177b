/** When the public can buy it. */
import type { TicketType } from '../../app/model.ts'
import { Moment } from '../../parts/zoned.tsx'

export const SalesWindow = ({ type, zone }: { type: TicketType; zone: string }) => (
  <>
    {type.sales_start && <>from <Moment at={type.sales_start} zone={zone} /> </>}
    {type.sales_end && <>until <Moment at={type.sales_end} zone={zone} /></>}
    {!type.sales_start && !type.sales_end && 'always'}
  </>
)
