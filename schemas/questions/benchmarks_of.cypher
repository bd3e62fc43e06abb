// title: The benchmarks that a name, its family and their users are evaluated on
// example: which benchmarks does imitation learning use?
// x: system task robot
// wording: WHICH BENCHMARKS DOES X (?:USE|EVALUATED(?: itself| themselves)?(?: on| with| against)?|have|go through|get used by)
// wording: (?:on |with |in |against )?WHICH BENCHMARKS IS X (?:EVALUATED|used|applied|run)(?: on| with| in| against| for)?
// wording: WHICH BENCHMARKS (?:(?:IS|get) )?(?:used|popular|common|employed|there)(?: by| in| for| with| among| to evaluate| to test)? X
// wording: (?:BENCHMARKS|WHICH BENCHMARKS)(?: THAT)?(?: IS)? (?:(?:used|employed) (?:by|in|for|with|to evaluate|to test)|of|for|by|in) X
// wording: (?:WHICH )?BENCHMARKS(?: THAT)? X (?:USE|(?:IS |has been |have been )?EVALUATED(?: on| with)?)
// wording: WHICH BENCHMARKS DOES PAPERS (?:USE|EVALUATED on|TRAINED on) (?:for|to evaluate|to train|with|in) X
// wording: (?:on |with |in )?WHICH BENCHMARKS (?:has|have) X been (?:used|EVALUATED(?: on| with)?)
// wording: WHICH BENCHMARKS (?:evaluates?|tests?|measures?|assess(?:es)?) X
// wording: (?:what|where|on what|on which|how) (?:IS|DOES) X (?:been )?EVALUATED(?: on| with| against)?
// wording: what (?:IS|DOES) X EVALUATED(?: on| with| against)
// wording: X BENCHMARKS
UNWIND $ids AS id
MATCH (x:Entity {id: id})
MATCH kin = (x)<-[:IS_A*0..6]-(member:Entity)
WHERE NOT $direct OR length(kin) = 0
WITH DISTINCT x, member,
     reduce(s = '(' + x.name + ')', n IN tail(nodes(kin)) | s + '<-[:IS_A]-(' + n.name + ')') AS chain
MATCH (member)<-[link:USES|EXTENDS|ADDRESSES*0..1]-(user)-[intro:INTRODUCES*0..1]->(system)-[r:USES {role: 'evaluation'}]->(thing:Entity)
WHERE (NOT $direct OR size(link) = 0) AND thing.id <> x.id
  AND ALL(l IN link WHERE coalesce(l.role, 'component') = 'component')
  AND ALL(i IN intro WHERE i.paper = r.paper)
  AND r.paper IS NOT NULL
MATCH (p:Paper {id: r.paper})
WHERE r.confidence >= $min_confidence
  AND ($year_from IS NULL OR p.year >= $year_from) AND ($year_to IS NULL OR p.year <= $year_to)
WITH thing, r,
     chain + reduce(s = '', l IN link | s + '<-[:' + type(l) + ']-(' + coalesce(user.name, user.title) + ')')
     + reduce(s = '', i IN intro | s + '-[:INTRODUCES]->(' + system.name + ')')
     + '-[:' + type(r) + ']->(' + thing.name + ')' AS via
WITH thing, collect(DISTINCT r.paper) AS papers,
     collect(DISTINCT {paper: r.paper, sentence: r.sentence}) AS evidence, collect(DISTINCT via) AS via
WHERE size(papers) >= $min_support
RETURN coalesce(thing.name, thing.title) AS name, head([l IN labels(thing) WHERE l <> 'Entity']) AS type,
       papers, evidence, via
ORDER BY size(papers) DESC, name
