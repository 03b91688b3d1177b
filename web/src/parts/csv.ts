/** Saves a list as CSV, made by the server with the same filters. */
import { address, type Query } from '../app/api.ts'

export const csvAddress = (path: string, query: Query): string => address(path, { ...query, format: 'csv' })
