import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { messages } from './messages.config.js';

const server = 'http://127.0.0.1:8000';

/** The words of one matter are shared by its pages alone: the way to the door carries none of them. */
const matters = readdirSync('messages', { withFileTypes: true })
	.filter((entry) => entry.isDirectory())
	.map(({ name }) => ({
		name,
		keys: new Set(Object.keys(JSON.parse(readFileSync(`messages/${name}/en.json`, 'utf8')))),
	}))
	.map(({ name, keys }) => ({
		name: `words-${name}`,
		test: (id) => id.includes('src/lib/messages/messages/') && keys.has(basename(id, '.js')),
		minShareCount: 2,
		priority: 1,
	}));

const shared = [
	...matters,
	{
		name: 'base',
		test: /src\/lib\/(ui\/(?!Acts|Dialog|Confirm|OneOf|Qr|Steps|Tabs)|api\/(client|asking|me)\b|calendar\/dates|(locale|router|exit|me)\b)|openapi-fetch/,
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
			'^/open/.+': server,
			'/meetings.json': server,
			'/socket': { target: server, ws: true },
		},
	},
	test: { environment: 'jsdom', include: ['tests/**/*.test.ts', 'src/**/*.test.ts'] },
}));
