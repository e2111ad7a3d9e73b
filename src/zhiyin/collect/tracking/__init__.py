"""Events that pages, apps and servers send over HTTP: what is in a request, and what does each of them say?"""
