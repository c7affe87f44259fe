"""What a briefing may say: typed claims, each resting on published figures and on a test that it passed (docs/methods/claims.md).

What belongs here: a module a question (where do we stand, who rose and fell, what is missing, …), pure functions from `Facts` to claims.
A claim holds no sentence: words are put to it by pipelines/briefing/.
"""
