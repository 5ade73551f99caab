import { useAuthToken } from '@tokenkeep/vue'
import { onMounted, onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { followOrders } from './live-orders.ts'

export const useLiveOrders = (url: string): Readonly<ShallowRef<readonly string[]>> => {
  const { manager } = useAuthToken()
  const orders = shallowRef<readonly string[]>([])
  let stop: (() => void) | undefined
  // This runs in the browser only: a server does not mount components.
  onMounted(() => (stop = followOrders(manager, url, (order) => (orders.value = [...orders.value, order]))))
  onScopeDispose(() => stop?.())
  return orders
}
