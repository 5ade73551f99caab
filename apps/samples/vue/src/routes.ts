import { authTokenGuard, type TokenManager } from '@tokenkeep/vue'
import { createRouter, createWebHistory, type Router } from 'vue-router'
import AccountPage from './AccountPage.vue'
import CallsPage from './CallsPage.vue'
import ClientPage from './ClientPage.vue'
import SessionPage from './SessionPage.vue'
import SignInPage from './SignInPage.vue'

export const createRoutes = (auth: TokenManager): Router =>
  createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', component: SessionPage },
      { path: '/calls', component: CallsPage },
      { path: '/client', component: ClientPage },
      {
        path: '/account',
        component: AccountPage,
        beforeEnter: authTokenGuard(auth, (to) => ({ path: '/sign-in', query: { next: to.fullPath } })),
      },
      { path: '/sign-in', component: SignInPage },
      { path: '/:rest(.*)', redirect: '/' },
    ],
  })
