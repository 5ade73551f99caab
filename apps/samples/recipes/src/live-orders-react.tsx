import { useAuthToken } from '@tokenkeep/react'
import { useEffect, useState } from 'react'
import { followOrders } from './live-orders.ts'

export const useLiveOrders = (url: string): readonly string[] => {
  const { manager } = useAuthToken()
  const [orders, setOrders] = useState<readonly string[]>([])
  // The effect depends on the manager, not on the token: a refresh must not close the connection.
  useEffect(
    () => followOrders(manager, url, (order) => setOrders((before) => [...before, order])),
    [manager, url],
  )
  return orders
}
