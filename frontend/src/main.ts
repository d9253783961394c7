import { mount } from 'svelte';
import App from './App.svelte';
import './lib/ui/fonts.css';
import './lib/ui/tokens.css';
import './lib/ui/base.css';
import { router } from './lib/router.svelte.js';
import { routes } from './routes.js';

router.start(routes);

const target = document.getElementById('app');
if (target) mount(App, { target });
