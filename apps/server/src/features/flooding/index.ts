export { floodingCustomers, isFlooding } from './flooding.ts'
