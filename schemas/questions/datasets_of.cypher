// title: The datasets that a name, its family and their users are trained on or use
// example: which datasets does OpenVLA use?
// x: system task robot
// wording: WHICH DATASETS DOES X (?:USE|have|need|TRAINED(?: on| with| from)?)
// wording: (?:on |with |from )?WHICH DATASETS IS X (?:TRAINED|used|built|based)(?: on| with| from| in)?
// wording: WHICH DATASETS (?:(?:IS|get) )?(?:used|popular|common|employed|there)(?: by| in| for| with| among| to train)? X
// wording: (?:DATASETS|WHICH DATASETS)(?: THAT)?(?: IS)? (?:(?:used|employed) (?:by|in|for|with|to train)|of|for|by|in|behind) X
// wording: (?:WHICH )?DATASETS(?: THAT)? X (?:USE|(?:IS |has been |have been )?TRAINED(?: on| with| from)?)
// wording: WHICH DATASETS DOES PAPERS (?:USE|EVALUATED on|TRAINED on) (?:for|to evaluate|to train|with|in) X
// wording: (?:on |with |from )?WHICH DATASETS (?:has|have) X been (?:used|TRAINED(?: on| with| from)?)
// wording: (?:what|where|on what|on which|how|from what) (?:IS|DOES) X TRAINED(?: on| with| from)?
// wording: WHICH DATASETS TRAINED X
// wording: X DATASETS
UNWIND $ids AS id
MATCH (x:Entity {id: id})
MATCH kin = (x)<-[:IS_A*0..6]-(member:Entity)
WHERE NOT $direct OR length(kin) = 0
WITH DISTINCT x, member,
     reduce(s = '(' + x.name + ')', n IN tail(nodes(kin)) | s + '<-[:IS_A]-(' + n.name + ')') AS chain
MATCH (member)<-[link:USES|EXTENDS|ADDRESSES*0..1]-(user)-[intro:INTRODUCES*0..1]->(system)-[r:USES]->(thing:Entity)
WHERE (NOT $direct OR size(link) = 0) AND thing.id <> x.id
  AND ALL(l IN link WHERE coalesce(l.role, 'component') = 'component')
  AND ALL(i IN intro WHERE i.paper = r.paper)
  AND (r.role = 'training' OR thing:Dataset)
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
