import { useQuery } from '@tanstack/react-query'
import { useAuthToken } from '@tokenkeep/react'
import { Orders } from './orders.ts'

export const OrderList = () => {
  const { fetch } = useAuthToken()
  const userId = useAuthToken((state) => ('session' in state ? state.session?.userId : undefined))
  const { data, error } = useQuery({
    // The key contains the user, but never the token: the token changes with each refresh, and developer tools show keys.
    queryKey: ['orders', userId],
    queryFn: ({ signal }) => new Orders(fetch).list(signal),
    enabled: userId !== undefined,
  })
  if (error) return <p role="alert">Your orders could not be loaded.</p>
  return (
    <ul>
      {data?.map((order) => (
        <li key={order}>{order}</li>
      ))}
    </ul>
  )
}
