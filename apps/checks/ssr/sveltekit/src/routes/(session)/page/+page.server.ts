export { loadRendered as load } from '../../../lib/server/rendered'
