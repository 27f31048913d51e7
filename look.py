import sys
from course_utils.newsroom import statements as S
from course_utils.newsroom.writer import Writer
from course_utils.newsroom.marks import plain, sentence
split,n,*names=sys.argv[1:]
w=Writer(split,'y')
f=S.families()
for name in names:
    print('##',name)
    for i in range(int(n)):
        st=w.chance.getstate()
        for lab in S.LABELS:
            w.chance.setstate(st)
            h,p,pat=f[name](w,lab)
            print('  ',lab[0],'|',plain(sentence(p)),'|',plain(sentence(h)))
