// title: The robots that a name, its family and their users run on
// example: which robots does behavior cloning use?
// x: system task resource
// wording: (?:on |with )?WHICH ROBOTS DOES X (?:USE|have|run on|control|drive|work on|EVALUATED on)
// wording: (?:on |with )?WHICH ROBOTS IS X (?:EVALUATED|used|run|deployed|running|applied)(?: on| with| in)?
// wording: WHICH ROBOTS (?:(?:IS|get) )?(?:used|popular|common|employed|there)(?: by| in| for| with| among| to evaluate| to test)? X
// wording: (?:ROBOTS|WHICH ROBOTS)(?: THAT)?(?: IS)? (?:(?:used|employed|controlled|driven) (?:by|in|for|with)|of|for|by|in) X
// wording: (?:WHICH )?ROBOTS(?: THAT)? X (?:USE|(?:IS |has been |have been )?(?:EVALUATED|run|runs|deployed)(?: on)?)
// wording: WHICH ROBOTS DOES PAPERS (?:USE|EVALUATED on|TRAINED on) (?:for|to evaluate|to train|with|in) X
// wording: (?:on |with |in )?WHICH ROBOTS (?:has|have) X been (?:used|(?:EVALUATED|run|runs|deployed)(?: on)?)
// wording: WHICH ROBOTS (?:runs?|carr(?:y|ies)|executes?) X
// wording: (?:what|where|on what|on which) (?:robots? |hardware )?(?:IS|DOES) X (?:run|running|deployed|deploy)(?: on)?
// wording: X ROBOTS
UNWIND $ids AS id
MATCH (x:Entity {id: id})
MATCH kin = (x)<-[:IS_A*0..6]-(member:Entity)
WHERE NOT $direct OR length(kin) = 0
WITH DISTINCT x, member,
     reduce(s = '(' + x.name + ')', n IN tail(nodes(kin)) | s + '<-[:IS_A]-(' + n.name + ')') AS chain
MATCH (member)<-[link:USES|EXTENDS|ADDRESSES*0..1]-(user)-[intro:INTRODUCES*0..1]->(system)-[r:USES {role: 'platform'}]->(thing:Entity)
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
