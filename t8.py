"""Trial: python t8.py --mix JSON --n 9000 --triples 1 ..."""
import argparse, json, time, random, torch, sys
from collections import defaultdict
ap=argparse.ArgumentParser()
ap.add_argument("--n",type=int,default=9000); ap.add_argument("--lr",type=float,default=1e-4); ap.add_argument("--bs",type=int,default=8)
ap.add_argument("--triples",type=int,default=0); ap.add_argument("--freeze",default="embeddings.word_embeddings")
ap.add_argument("--seed",type=int,default=0); ap.add_argument("--mix",default=""); ap.add_argument("--name",default="t")
ap.add_argument("--stop",type=int,default=0); ap.add_argument("--epochs",type=int,default=1); ap.add_argument("--headlr",type=float,default=0)
ap.add_argument("--beta2",type=float,default=0.999); ap.add_argument("--warm",type=float,default=0.1); ap.add_argument("--save",default="")
ap.add_argument("--errors",type=int,default=0)
a=ap.parse_args()
from course_utils import *
from course_utils.newsroom import statements as S
from course_utils.newsroom.statements import LABELS
from course_utils.newsroom.writer import Writer
from course_utils.newsroom.marks import plain, sentence
from course_utils.natural_sets import load_natural
from course_utils.pairs import encode_pairs, load_development_pairs
from course_utils.batching import collate, grouped_batches
from course_utils.evaluation import predict, run_in
from torch.nn.utils import clip_grad_norm_
from course_utils.optimizer import linear_schedule
mix=json.loads(a.mix) if a.mix else None
def make(n,split,seed,triples=False):
    w=Writer(split,f"statements {seed}"); known=S.families()
    wts=mix or {k:S.WEIGHTS.get(k,1) for k in known}
    names=[k for k,v in wts.items() for _ in range(v)]
    out=[]
    if triples:
        for _ in range(n//3):
            f=w.pick(names); st=w.chance.getstate(); t=[]
            for lab in LABELS:
                w.chance.setstate(st); h,p,pat=known[f](w,lab)
                t.append(dict(premise=plain(sentence(p)),hypothesis=plain(sentence(h)),label=lab,family=f,pattern=pat))
            if len({x["hypothesis"] for x in t})!=1: bad[f]+=1
            out.append(t)
        return out
    labels=[LABELS[i%3] for i in range(n)]; w.chance.shuffle(labels)
    for lab in labels:
        f=w.pick(names); h,p,pat=known[f](w,lab)
        if f not in S.PICTURES: p=S.surround(w,p)
        out.append(dict(premise=plain(sentence(p)),hypothesis=plain(sentence(h)),label=lab,family=f,pattern=pat))
    return out
bad=defaultdict(int)
kw=dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
tok,model=load_bert_for("sequence-classification",LABELS,seed=a.seed,**kw)
print(freeze(model,*a.freeze.split(",")))
chance=random.Random(a.seed)
if a.triples:
    trip=make(a.n,"train",a.seed,True); print("bad",dict(bad))
    enc=[encode_pairs(tok,t) for t in trip]
    k=a.triples
    batches=[]
    for e in range(a.epochs):
        batches+= [[x for i in b for x in enc[i]] for b in grouped_batches([max(len(x["input_ids"]) for x in t) for t in enc],k,a.seed+e)]
else:
    tr=encode_pairs(tok,make(a.n,"train",a.seed))
    batches=[]
    for e in range(a.epochs):
        batches+=[[tr[i] for i in b] for b in grouped_batches([len(x["input_ids"]) for x in tr],a.bs,a.seed+e)]
lens=[len(x["input_ids"]) for b in batches for x in b]; print("mean len",sum(lens)/len(lens),"batches",len(batches))
data={"val":make(300,"validation",1),"dev":load_development_pairs()}
encd={k:encode_pairs(tok,v) for k,v in data.items()}
def acc(k,keep=False):
    lo=torch.stack(predict(model,encd[k],precision="bfloat16")[0]); y=torch.tensor([e["labels"] for e in encd[k]])
    ok=lo.argmax(1)==y
    return (ok.float().mean().item(),ok,lo) if keep else round(ok.float().mean().item(),3)
head=[p for n,p in model.named_parameters() if p.requires_grad and n.startswith("classifier")]
body=[p for n,p in model.named_parameters() if p.requires_grad and not n.startswith("classifier")]
opt=torch.optim.AdamW([{"params":[p for p in body if p.dim()>1],"weight_decay":0.01},{"params":[p for p in body if p.dim()<2],"weight_decay":0.0},{"params":head,"weight_decay":0.0,"lr":a.headlr or a.lr}],lr=a.lr,fused=True,betas=(0.9,a.beta2))
sch=linear_schedule(opt,len(batches),a.warm)
t=time.time(); run=[]; train_t=0
for s,b in enumerate(batches,1):
    t0=time.time(); model.train(); loss=run_in("bfloat16",model,collate(b,0,model.device)).loss; loss.backward(); clip_grad_norm_(model.parameters(),1.0); opt.step(); sch.step(); opt.zero_grad(); run.append(loss.item()); train_t+=time.time()-t0
    if s%(len(batches)//6)==0 or s==a.stop:
        print(s,f"{train_t:.0f}s loss {sum(run[-100:])/len(run[-100:]):.3f}",{k:acc(k) for k in encd},flush=True)
    if a.stop and s>=a.stop: break
model.eval()
data["test"]=make(900,"test",2); data["nat"]=load_natural("nli")
for k in("test","nat"): encd[k]=encode_pairs(tok,data[k])
res={}
for k in data:
    m,ok,lo=acc(k,True); res[k]=round(m,3)
    f=defaultdict(list); key="family" if k in("val","test") else "kind"
    for r,o in zip(data[k],ok.tolist()): f[r.get(key,"")].append(o)
    conf=torch.zeros(3,3,dtype=int)
    for r,l in zip(data[k],lo): conf[LABELS.index(r["label"]),l.argmax()]+=1
    if k!="nat": print(k,{x:f"{sum(v)}/{len(v)}" for x,v in sorted(f.items())})
    print(k,res[k],conf.tolist())
    if k in ("test","dev") and a.errors:
        n=0
        for r,o,l in zip(data[k],ok.tolist(),lo):
            if not o and n<a.errors: n+=1; print("  ",r[key],r.get("pattern",""),"|",r["premise"],"|",r["hypothesis"],"|",r["label"][0],"ENC"[l.argmax()])
print("RESULT",a.name,{k:v for k,v in vars(a).items() if k not in("name","mix")},res,f"{train_t:.0f}s")
