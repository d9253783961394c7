import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { messages } from './messages.config.js';

const server = 'http://127.0.0.1:8000';

const shared = [
	{
		name: 'base',
		test: /src\/lib\/(ui\/(?!Dialog|Confirm|Qr|Steps|Tabs)|api\/(client|asking|me)\b|calendar\/dates|(locale|router|exit|me)\b)|openapi-fetch/,
	},
	{ name: 'words', test: /src\/lib\/messages\//, minShareCount: 2 },
];

export default defineConfig(({ isSsrBuild }) => ({
	// The message plugin never lets vitest end: there `npm run messages` runs first.
	plugins: [svelte(), ...(process.env.VITEST ? [] : [paraglideVitePlugin(messages)])],
	// Vitest would otherwise load Svelte's server build, which has no DOM.
	resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
	build: isSsrBuild
		? { outDir: 'node_modules/.prerender', emptyOutDir: true, copyPublicDir: false }
		: {
				outDir: '../sessions/web/static',
				emptyOutDir: true,
				assetsDir: 'assets',
				assetsInlineLimit: 0,
				manifest: true,
				sourcemap: false,
				modulePreload: { polyfill: false },
				// A phone on a poor line pays for each file it asks for: what all pages share is one.
				rolldownOptions: { output: { codeSplitting: { groups: shared } } },
			},
	server: {
		// The server behind takes requests from this origin only: no other port will do.
		port: 5173,
		strictPort: true,
		proxy: {
			'/api': server,
			'/dev': server,
			// The calendar feeds only: `/feed` itself is a page.
			'^/feed/.+': server,
			'/socket': { target: server, ws: true },
		},
	},
	test: { environment: 'jsdom', include: ['tests/**/*.test.ts', 'src/**/*.test.ts'] },
}));
